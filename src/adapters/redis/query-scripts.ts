// Lua of the smaller questions: opening, a profile, its changes, the last step of a membership, how large crowds are.

import { LISTS } from './lists-script.ts'

/**
 * KEYS: meta, last epoch of the account, its namespaces, where each epoch of this graph began. ARGV: which start of Redis this is, namespace, format.
 * Where commits may have been lost the feed gets another epoch, above every other of the account.
 */
export const OPEN = String.raw`#!lua
local function base36(n)
  local text=''
  for _=1,9 do
    local d=n%36
    text=string.char(d<10 and 48+d or 87+d)..text
    n=math.floor(n/36)
  end
  return text
end
local state=redis.call('HMGET',KEYS[1],'run','format','begun','ended')
if state[3]~=state[4] then return 'torn' end
if state[2] and tonumber(state[2])>tonumber(ARGV[3]) then return state[2] end
if state[1]~=ARGV[1] then
  local time=redis.call('TIME')
  local ms=time[1]*1000+math.floor(time[2]/1000)
  local next=math.max(tonumber(redis.call('GET',KEYS[2]) or 0)+1,ms)
  redis.call('SET',KEYS[2],string.format('%.0f',next))
  local began=redis.call('HGET',KEYS[1],'seq') or '0'
  redis.call('HSET',KEYS[1],'run',ARGV[1],'epoch',base36(next),'format',ARGV[3])
  redis.call('HSET',KEYS[4],base36(next),began)
  redis.call('SADD',KEYS[3],ARGV[2])
end
return ARGV[3]
`

/** ARGV: ids. Of each the profile it leads to (its id, its record), then the nodes of that; nothing for none. */
export const PROFILES = String.raw`#!lua flags=no-writes
${LISTS}
local function found(id)
  local record=call('HGET',PROF,id)
  local hops=0
  while record and byte(record,41)>0 do
    hops=hops+1
    if hops>100000 then error('redirects without an end') end
    id=sub(record,42,41+byte(record,41))
    record=call('HGET',PROF,id)
  end
  if not record then return {} end
  local labels,isLabel,reply,isTold={},{},{id,record},{}
  local function from(label)
    if not isLabel[label] then
      isLabel[label]=true
      labels[#labels+1]=label
    end
  end
  from(sub(record,5,36))
  for _,label in ipairs(entries(HOME,id,32)) do from(label) end
  for _,label in ipairs(labels) do
    local keys=entries(COMP,label,32)
    keys[#keys+1]=label
    for i,node in ipairs(many(NODE,keys)) do
      if node and not isTold[keys[i]] and profileOf(node)==id then
        isTold[keys[i]]=true
        reply[#reply+1]=keys[i]..node
      end
    end
  end
  return reply
end
local reply={}
for i,id in ipairs(ARGV) do reply[i]=found(id) end
return reply
`

/** ARGV: id of a profile, how many. Numbers of its latest changes, the latest last, 6 bytes each; perhaps some more. */
export const TOLD = String.raw`#!lua flags=no-writes
${LISTS}
local list=call('HGET',TOLD,ARGV[1])
local most,parts,n=tonumber(ARGV[2]),{},0
while list do
  table.insert(parts,1,sub(list,5))
  n=n+(#list-4)/6
  local chunk=u32(list,1)
  list=n<most and chunk>0 and call('HGET',TOLD,ARGV[1]..'\255'..(chunk-1))
end
return concat(parts)
`

/** ARGV: where in the journal to begin. Position of the log, then what the journal names, and its records. */
export const SETTLED = String.raw`#!lua flags=no-writes
${LISTS}
local names={n={},p={}}
for _,name in ipairs(call('LRANGE',JOUR,ARGV[1],-1)) do
  local list=names[sub(name,1,1)]
  list[#list+1]=sub(name,2)
end
return {call('HGET',AT,'log') or '0',names.n,many(NODE,names.n),names.p,many(PROF,names.p)}
`

/**
 * ARGV: keys of identifiers, the day to look at (biased; -1 for any). Of each: the most that were seen with it on a day
 * (of a witness anchors of cookies, of a member cookies), and how many are tied to it.
 */
export const CROWDS = String.raw`#!lua flags=no-writes
${LISTS}
local keys,day=keysIn(ARGV[1]),tonumber(ARGV[2])
local reply={}
local function around(key)
  local ends,n={},0
  local function add(other)
    if not ends[other] then
      ends[other]=true
      n=n+1
    end
  end
  each(OUT,key,call('HGET',OUT,key),function(leaf)
    for p=4,3+u16(leaf,2)*ENTRY,ENTRY do
      if byte(leaf,p+32)<32 then add(sub(leaf,p,p+31)) end
    end
  end)
  each(INTO,key,call('HGET',INTO,key),function(leaf)
    for p=2,#leaf,33 do add(sub(leaf,p,p+31)) end
  end)
  return n
end
for i,node in ipairs(many(NODE,keys)) do
  local most,all,isMember=0,{},node and labelOf(node,keys[i])
  local different=0
  for _,one in ipairs(node and entries(DAYS,keys[i],3) or {}) do
    if day<0 or u24(one,1)==day then
      local froms={}
      for _,cell in ipairs(entries(SEEN,keys[i]..one,35)) do froms[#froms+1]=sub(cell,1,32) end
      local people,n={},0
      for j,seen in ipairs(many(NODE,froms)) do
        if not all[froms[j]] then
          all[froms[j]]=true
          different=different+1
        end
        local at=seen and anchorAt(seen)
        local type=seen and 27+(bit(byte(seen,26),2) and 32 or 0)+(at and 32 or 0)
        if seen and sub(seen,type,type+byte(seen,type))=='\6cookie' then
          local who=(not isMember and at) and sub(seen,at,at+31) or froms[j]
          if not people[who] then
            people[who]=true
            n=n+1
          end
        end
      end
      most=math.max(most,n)
    end
  end
  reply[2*i-1]=most
  reply[2*i]=(day<0 and isMember) and around(keys[i]) or different
end
return reply
`
