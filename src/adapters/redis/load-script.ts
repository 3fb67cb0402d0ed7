// Lua that reads a neighbourhood in one call.
// Invariant: it writes nothing, and expands nothing beyond the components asked for. Lua hashes every byte of a string it
// makes, so records are answered as they are read, not put together.

import { LISTS } from './lists-script.ts'
import { AROUND } from './load-around-script.ts'

const NODES = String.raw`
local nodesMax,edgesMax,perDayMax=tonumber(ARGV[4]),tonumber(ARGV[5]),tonumber(ARGV[6])
local known,isComplete={},{}
local asked,missing,complete,over={},{},{},{}

-- Reads records of nodes that are not known yet.
local function meet(keys)
  local wanted={}
  for i=1,#keys do
    if known[keys[i]]==nil then
      known[keys[i]]=false
      wanted[#wanted+1]=keys[i]
    end
  end
  for i,record in ipairs(many(NODE,wanted)) do known[wanted[i]]=record end
end

local request=keysIn(ARGV[1])
meet(request)
local labels,isLabel,isAsked={},{},{}
for i=1,#request do
  local key=request[i]
  local record=known[key]
  if not isAsked[key] then
    isAsked[key]=true
    local label=record and labelOf(record,key)
    if record then asked[#asked+1]=key else missing[#missing+1]=key end
    if label and not isLabel[label] then
      isLabel[label]=true
      labels[#labels+1]=label
    end
  end
end

-- Members of a component; nil when there are too many.
local function membersOf(label,list)
  local own=known[label]
  local keys={own and labelOf(own,label)==label and label or nil}
  if not list then return keys end
  if count(list,32)>nodesMax then return nil end
  each(COMP,label,list,function(leaf)
    for p=2,#leaf,32 do keys[#keys+1]=sub(leaf,p,p+31) end
  end)
  return #keys<=nodesMax and keys or nil
end

meet(labels)
local groups,all={},{}
for i,list in ipairs(many(COMP,labels)) do
  local keys=membersOf(labels[i],list)
  if keys then
    groups[#groups+1]={labels[i],#all+1,#all+#keys}
    for _,key in ipairs(keys) do all[#all+1]=key end
  else over[#over+1]=labels[i] end
end
meet(all)
local outs,intos=many(OUT,all),many(INTO,all)
local reply={}
for _,group in ipairs(groups) do
  local sum=0
  for i=group[2],group[3] do sum=sum+edgeCount(outs[i])+count(intos[i],33) end
  if sum>edgesMax then over[#over+1]=group[1]
  else
    for i=group[2],group[3] do
      complete[#complete+1]=i
      isComplete[all[i]]=true
    end
  end
end
`

const EDGES = String.raw`
local edges,far,inbound={},{},{}
local function tell(from,leaf)
  edges[#edges+1]=from
  edges[#edges+1]=leaf
end

-- One edge of a node whose edges are given.
local function tellOne(from,value,id)
  local leaf=value
  if value and not isLeaf(value) then local _,found=leafOf(OUT,from,id) leaf=found end
  local at=leaf and edgeIn(leaf,id)
  if at then
    local start,length=saidOf(leaf,at)
    tell(from,'\0\0\1'..sub(leaf,at,at+35)..sub(leaf,start,start+length-1))
  end
end

local own
local function goOut(leaf)
  tell(own,leaf)
  for p=36,3+u16(leaf,2)*ENTRY,ENTRY do
    if byte(leaf,p)<32 then
      local to=sub(leaf,p-32,p-1)
      if not isComplete[to] then far[#far+1]=to end
    end
  end
end
local function comeIn(leaf)
  for p=2,#leaf,33 do
    local from=sub(leaf,p,p+31)
    if not isComplete[from] then
      local list=inbound[from]
      if not list then
        list={}
        inbound[from]=list
        inbound[#inbound+1]=from
      end
      list[#list+1]=own..sub(leaf,p+32,p+32)
    end
  end
end
for _,i in ipairs(complete) do
  own=all[i]
  each(OUT,own,outs[i],goOut)
  each(INTO,own,intos[i],comeIn)
end
for i,value in ipairs(many(OUT,inbound)) do
  local from=inbound[i]
  far[#far+1]=from
  for _,id in ipairs(inbound[from]) do tellOne(from,value,id) end
end

-- Of who is not complete: edges to others that were asked for, but for those that a complete one has told.
local rest={}
for _,key in ipairs(asked) do
  if not isComplete[key] then rest[#rest+1]=key end
end
local function tellAsked(from,leaf)
  for p=4,3+u16(leaf,2)*ENTRY,ENTRY do
    local to=sub(leaf,p,p+31)
    if isAsked[to] and known[to] and not (isComplete[to] and byte(leaf,p+32)<32) then
      tellOne(from,leaf,sub(leaf,p,p+32))
    end
  end
end
for i,value in ipairs(many(OUT,rest)) do
  if value and isLeaf(value) then tellAsked(rest[i],value)
  elseif value then
    local seen={}
    for _,to in ipairs(asked) do
      local field,leaf=leafOf(OUT,rest[i],to)
      if leaf and not seen[field] then
        seen[field]=true
        tellAsked(rest[i],leaf)
      end
    end
  end
end
meet(far)
`

export const LOAD = `#!lua flags=no-writes\n${LISTS}${NODES}${EDGES}${AROUND}`
