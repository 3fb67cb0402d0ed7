// Lua that takes a commit: it checks positions and versions first, and writes after that.
// Invariant: nothing is written before everything is checked; without flags it is refused at its start when memory is full.

import { GRAPH } from './graph-script.ts'
import { LEDGER } from './ledger-script.ts'
import { LISTS } from './lists-script.ts'
import { REVIEWS } from './review-script.ts'

const CHECKS = String.raw`
local ROWS=32
local state=call('HMGET',META,'seq','edges','live','watch','epoch')
local seq,live,before=tonumber(state[1] or 0),tonumber(state[3] or 0),{}
before.seq,before.edges,before.live=seq,tonumber(state[2] or 0),live
edges=before.edges
local now=ARGV[2]
local watched=state[4] and tonumber(state[4])>u48(now,1)-140737488355328

local function note(mark,names)
  if not watched then return end
  for a=1,#names do call('RPUSH',JOUR,mark..names[a]) end
end

if ARGV[20]~='' and ARGV[20]~=state[5] then return 0 end
local applied=cjson.decode(ARGV[1])
for _,one in ipairs(applied) do
  if (call('HGET',AT,one[1]) or '0')~=one[2] then return 0 end
end

local removals=keysIn(ARGV[4])
local removed={}
for _,key in ipairs(removals) do removed[key]=true end

-- Records to write: their keys, what stands before them, and themselves.
local function recordsIn(blob)
  local keys,marks,records,p,n={},{},{},1,0
  while p<=#blob do
    n=n+1
    local length=u24(blob,p+33)
    keys[n],marks[n],records[n]=sub(blob,p,p+31),byte(blob,p+32),sub(blob,p+36,p+35+length)
    p=p+36+length
  end
  return keys,marks,records
end

local nodeKeys,nodeMarks,nodes=recordsIn(ARGV[5])
local stored=many(NODE,nodeKeys)
for i=1,#nodes do
  local have=stored[i] and not removed[nodeKeys[i]] and u32(stored[i],1) or 0
  if have~=u32(nodes[i],1)-1 then return 0 end
end

local read,versions={},{}
for p=1,#ARGV[7],36 do
  read[#read+1]=sub(ARGV[7],p,p+31)
  versions[#read]=u32(ARGV[7],p+32)
end
for i,record in ipairs(many(NODE,read)) do
  local have=record and u32(record,1) or 0
  if have~=versions[i] then return 0 end
end

local ids,profiles={},{}
do
  local blob,p=ARGV[8],1
  while p<=#blob do
    local n=u16(blob,p)
    local length=u24(blob,p+2+n)
    ids[#ids+1]=sub(blob,p+2,p+1+n)
    profiles[#ids]=sub(blob,p+5+n,p+4+n+length)
    p=p+5+n+length
  end
end
local storedProfiles=many(PROF,ids)
for i=1,#ids do
  local old=storedProfiles[i]
  if (old and u32(old,1) or 0)~=u32(profiles[i],1)-1 then return 0 end
end
`

const WRITES = String.raw`
-- Told apart by whoever opens: a commit of which a damaged log has played one half only has begun and not ended.
call('HINCRBY',META,'begun',1)
for _,key in ipairs(removals) do
  closeQuestionsOf(key)
  removeNode(key)
end
note('n',removals)
if #removals>0 then stored=many(NODE,nodeKeys) end

local function siteIn(sites,entry)
  local p=3
  while p<=#sites do
    local next=p+2+u16(sites,p)
    if sub(sites,p,next-1)==entry then return true end
    p=next
  end
end

local function widen(old,seen)
  local s,t=26+u16(old,24),26+u16(seen,24)
  local sites,more=sub(old,s,s+1+u16(old,s)),sub(seen,t,t+1+u16(seen,t))
  local flags,length=byte(old,23),#sites
  local p=3
  while sites~=more and p<=#more do
    local entry=sub(more,p,p+1+u16(more,p))
    if not siteIn(sites,entry) then
      sites=p16(#sites-2+#entry)..sub(sites,3)..entry
      if not bit(flags,2) then flags=flags+2 end
    end
    p=p+#entry
  end
  local first=u48(old,5)<=u48(seen,5) and sub(old,5,10) or sub(seen,5,10)
  local last=u48(old,11)>=u48(seen,11) and sub(old,11,16) or sub(seen,11,16)
  local received=u48(old,17)<=u48(seen,17) and sub(old,17,22) or sub(seen,17,22)
  return p32(u32(old,1)+1)..first..last..received..char(flags)..sub(old,24,s-1)..sites..sub(old,s+length)
end

-- Where a node can be found by: its component, its profile's components, its anchor.
local function index(key,mark,old,record)
  if old and find(old,placeOf(record),24,true)==24 then return end
  local label,oldLabel=labelOf(record,key),old and labelOf(old,key)
  if label~=oldLabel then
    if oldLabel and oldLabel~=key then take(COMP,oldLabel,key,32) end
    if label and label~=key then put(COMP,label,key,'') end
  end
  local at=anchorAt(record)
  if at then put(ANCH,sub(record,at,at+31),key,'') end
  if mark==1 then put(HOME,profileOf(record),label,'') end
end

local function writeNodes(keys,marks,records,old)
  local pairs={}
  for i=1,#keys do
    index(keys[i],marks[i],old[i],records[i])
    pairs[2*i-1],pairs[2*i]=keys[i],records[i]
  end
  set(NODE,pairs)
  note('n',keys)
end
writeNodes(nodeKeys,nodeMarks,nodes,stored)

local widerKeys,widerMarks,wider=recordsIn(ARGV[6])
local widerOld=many(NODE,widerKeys)
for i=1,#wider do
  if widerOld[i] then wider[i]=widen(widerOld[i],wider[i]) end
end
writeNodes(widerKeys,widerMarks,wider,widerOld)

do
  local pairs={}
  for i=1,#ids do
    local old,record=storedProfiles[i],profiles[i]
    if old and u32(old,37)>0 then live=live-1 end
    if u32(record,37)>0 then live=live+1 end
    if old and sub(old,5,36)~=sub(record,5,36) then put(HOME,ids[i],sub(old,5,36),'') end
    pairs[2*i-1],pairs[2*i]=ids[i],record
  end
  set(PROF,pairs)
  note('p',ids)
end

do
  local blob,p,from,starts,stops=ARGV[9],1,{},{},{}
  while p<=#blob do
    local length,n=u32(blob,p+32),#from+1
    from[n],starts[n],stops[n]=sub(blob,p,p+31),p+36,p+35+length
    p=p+36+length
  end
  putEdges(from,blob,starts,stops)
end

-- Cells of one identifier on one day are given together.
do
  local blob,p,names,starts,writes,days=ARGV[10],1,{},{},{},{}
  while p<=#blob do
    names[#names+1]=sub(blob,p,p+34)
    starts[#names]=p+38
    p=p+38+35*u24(blob,p+35)
  end
  local k,newDays=0,{}
  for i,leaf in ipairs(many(SEEN,names)) do
    local name,start=names[i],starts[i]
    local n=u24(blob,start-3)
    if not leaf then
      local identifier,day=sub(name,1,32),sub(name,33)
      if not days[identifier] then
        days[identifier]={}
        newDays[#newDays+1]=identifier
      end
      table.insert(days[identifier],day)
    end
    if leaf and not isLeaf(leaf) or n+count(leaf,35)>leafMax then
      for q=start,start+35*(n-1),35 do put(SEEN,name,sub(blob,q,q+31),sub(blob,q+32,q+34)) end
    else
      writes[k+1]=name
      writes[k+2]=leaf and withCells(leaf,blob,start,n) or '\0'..sub(blob,start,start+35*n-1)
      k=k+2
    end
  end
  set(SEEN,writes)
  local lists={}
  for i,identifier in ipairs(newDays) do lists[i]=days[identifier] end
  putAll(DAYS,newDays,lists)
end
for p=1,#ARGV[11],64 do put(LOOSE,sub(ARGV[11],p,p+31),sub(ARGV[11],p+32,p+63),'') end
`

/** @param leafMax entries of a list before it becomes a tree */
export function commitScript(leafMax: number): string {
  return `#!lua\n${LISTS}leafMax=${leafMax}\n${GRAPH}${REVIEWS}${CHECKS}${WRITES}${LEDGER}`
}
