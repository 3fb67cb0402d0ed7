// Lua that every script begins with: numbers in bytes, and lists in fields of a hash that no entry makes long.
// Invariant: a list is one leaf of entries, or a tree of leaves by the hex digits its entries begin with.

/** Entries of a leaf before it becomes a tree. */
export const LEAF_MAX = 32

/** KEYS are in the order of `KEY_NAMES`. */
export const LISTS = String.raw`
local META,AT,NODE,COMP,HOME,ANCH,PROF,OUT,INTO,MET,DAYS,SEEN,LOOSE,FEED,TOLD,QUES,QORD,VERD,VORD,VON,NAMED,NAMES,WAIT,JOUR=unpack(KEYS)
local byte,sub,find,char,concat,floor=string.byte,string.sub,string.find,string.char,table.concat,math.floor
local call=redis.call
local PART=4000
local leafMax

local function u16(s,p) local a,b=byte(s,p,p+1) return a*256+b end
local function u24(s,p) local a,b,c=byte(s,p,p+2) return a*65536+b*256+c end
local function u32(s,p) local a,b,c,d=byte(s,p,p+3) return a*16777216+b*65536+c*256+d end
local function u48(s,p) return u24(s,p)*16777216+u24(s,p+3) end
local function p16(n) return char(floor(n/256),n%256) end
local function p24(n) return char(floor(n/65536),floor(n/256)%256,n%256) end
local function p32(n) return char(floor(n/16777216),floor(n/65536)%256,floor(n/256)%256,n%256) end

-- Values of many fields, false where there is none: an argument list of Lua has its limits.
local function many(key,fields)
  local n=#fields
  if n==0 then return {} end
  if n<=PART then return call('HMGET',key,unpack(fields)) end
  local values={}
  for a=1,n,PART do
    local part=call('HMGET',key,unpack(fields,a,math.min(n,a+PART-1)))
    for i=1,#part do values[a+i-1]=part[i] end
  end
  return values
end

-- Fields and values in turn.
local function set(key,pairs)
  for a=1,#pairs,PART do call('HSET',key,unpack(pairs,a,math.min(#pairs,a+PART-1))) end
end

local function keysIn(blob)
  local keys={}
  for p=1,#blob,32 do keys[#keys+1]=sub(blob,p,p+31) end
  return keys
end

local function frames(blob)
  local list,p={},1
  while p<=#blob do
    local n=u32(blob,p)
    list[#list+1]=sub(blob,p+4,p+3+n)
    p=p+4+n
  end
  return list
end

local function digit(id,depth)
  local b=byte(id,floor(depth/2)+1)
  if depth%2==0 then return floor(b/16) end
  return b%16
end

local function isLeaf(value) return byte(value)==0 end

-- The leaf an entry belongs to: its field, its value, the root where it is a tree, its depth.
local function leafOf(key,prefix,id)
  local value=call('HGET',key,prefix)
  if not value or isLeaf(value) then return prefix,value,nil,0 end
  local root,field,depth=value,prefix..'\255',0
  repeat
    field=field..char(65+digit(id,depth))
    depth=depth+1
    value=call('HGET',key,field)
  until not value or isLeaf(value)
  return field,value,root,depth
end

-- Where an entry stands in a leaf of entries of one size.
local function placeIn(leaf,id,size)
  local at=find(leaf,id,2,true)
  while at and (at-2)%size~=0 do at=find(leaf,id,at+1,true) end
  return at
end

local function recount(key,prefix,root,more) call('HSET',key,prefix,'\1'..p32(u32(root,2)+more)) end

-- Puts leaves of the next digit in the place of one; a root keeps how many there are.
local function branch(key,field,leaves,isRoot,count)
  local base=isRoot and field..'\255' or field
  for n,leaf in pairs(leaves) do call('HSET',key,base..char(65+n),leaf) end
  call('HSET',key,field,isRoot and '\1'..p32(count) or '\1')
end

local function split(leaf,depth,size)
  local parts={}
  for p=2,#leaf,size do
    local entry=sub(leaf,p,p+size-1)
    local n=digit(entry,depth)
    local part=parts[n] or {'\0'}
    parts[n]=part
    part[#part+1]=entry
  end
  for n,part in pairs(parts) do parts[n]=concat(part) end
  return parts
end

-- Adds an entry, or replaces what it says beside its id. True when it is new.
local function put(key,prefix,id,extra)
  local field,leaf,root,depth=leafOf(key,prefix,id)
  local size=#id+#extra
  if not leaf then call('HSET',key,field,'\0'..id..extra)
  else
    local at=placeIn(leaf,id,size)
    if at then
      if extra~='' then call('HSET',key,field,sub(leaf,1,at+#id-1)..extra..sub(leaf,at+size)) end
      return false
    end
    leaf=leaf..id..extra
    if #leaf>1+size*leafMax and depth<2*#id then
      branch(key,field,split(leaf,depth,size),not root,(#leaf-1)/size)
    else call('HSET',key,field,leaf) end
  end
  if root then recount(key,prefix,root,1) end
  return true
end

-- The same for many lists at once, of ids alone. Lists that are trees, or become ones, go one by one.
local function putAll(key,names,ids)
  local writes,n={},0
  for i,leaf in ipairs(many(key,names)) do
    local own,size=ids[i],#ids[i][1]
    if leaf and not isLeaf(leaf) or #own*size+(leaf and #leaf or 0)>size*leafMax then
      for j=1,#own do put(key,names[i],own[j],'') end
    else
      local parts,k={leaf or '\0'},1
      for j=1,#own do
        if not leaf or not placeIn(leaf,own[j],size) then
          k=k+1
          parts[k]=own[j]
        end
      end
      if k>1 then
        writes[n+1],writes[n+2]=names[i],concat(parts)
        n=n+2
      end
    end
  end
  set(key,writes)
end

-- A leaf of cells with others put into it: who was seen 32, the hours 3.
local function withCells(leaf,blob,start,n)
  local parts,k={leaf},1
  for q=start,start+35*(n-1),35 do
    local from=sub(blob,q,q+31)
    local at=placeIn(leaf,from,35)
    if not at then
      k=k+1
      parts[k]=sub(blob,q,q+34)
    elseif u24(leaf,at+32)~=u24(blob,q+32) then
      leaf=sub(leaf,1,at+31)..sub(blob,q+32,q+34)..sub(leaf,at+35)
      parts[1]=leaf
    end
  end
  return concat(parts)
end

local function walk(key,base,see)
  local names={}
  for n=0,15 do names[n+1]=base..char(65+n) end
  local values=call('HMGET',key,unpack(names))
  for n=1,16 do
    local value=values[n]
    if value then
      if isLeaf(value) then
        if see(value,names[n]) then return true end
      elseif walk(key,names[n],see) then return true end
    end
  end
end

-- Shows every leaf, in the order of digits, until told to stop by true.
local function each(key,prefix,value,see)
  if not value then return end
  if isLeaf(value) then return see(value,prefix) end
  return walk(key,prefix..'\255',see)
end

local function count(value,size)
  if not value then return 0 end
  if isLeaf(value) then return (#value-1)/size end
  return u32(value,2)
end

local function branches(key,base)
  for n=0,15 do
    local name=base..char(65+n)
    local value=call('HGET',key,name)
    if value then
      if not isLeaf(value) then branches(key,name) end
      call('HDEL',key,name)
    end
  end
end

local function drop(key,prefix,value)
  if not value then return end
  if not isLeaf(value) then branches(key,prefix..'\255') end
  call('HDEL',key,prefix)
end

-- Takes an entry out. The second answer is true when the list is empty by that.
local function take(key,prefix,id,size)
  local field,leaf,root=leafOf(key,prefix,id)
  local at=leaf and placeIn(leaf,id,size)
  if not at then return false end
  if root and u32(root,2)==1 then
    drop(key,prefix,root)
    return true,true
  end
  if #leaf==1+size then call('HDEL',key,field)
  else call('HSET',key,field,sub(leaf,1,at-1)..sub(leaf,at+size)) end
  if root then recount(key,prefix,root,-1) end
  return true,not root and #leaf==1+size
end

local function entries(key,prefix,size)
  local list={}
  each(key,prefix,call('HGET',key,prefix),function(leaf)
    for p=2,#leaf,size do list[#list+1]=sub(leaf,p,p+size-1) end
  end)
  return list
end

-- A node: version 4, first 6, last 6, received 6, flags 1, then its place (length 2): flags 1 (member, component,
-- anchor), component and anchor where they are others, type and profile with a length each; sites (length 2); the rest.
local function bit(flags,value) return floor(flags/value)%2==1 end
local function placeOf(record) return sub(record,24,25+u16(record,24)) end
local function labelOf(record,key)
  local flags=byte(record,26)
  if not bit(flags,1) then return nil end
  return bit(flags,2) and sub(record,27,58) or key
end
local function anchorAt(record)
  local flags=byte(record,26)
  if not bit(flags,4) then return nil end
  return bit(flags,2) and 59 or 27
end
local function profileOf(record)
  local flags=byte(record,26)
  local at=27+(bit(flags,2) and 32 or 0)+(bit(flags,4) and 32 or 0)
  at=at+1+byte(record,at)
  return sub(record,at+1,at+byte(record,at))
end

-- Edges from a node: a leaf is 0, how many 2, of each (to 32, kind 1, length 3), then what it says of each.
local ENTRY=36
local function edgeCount(value)
  if not value then return 0 end
  if isLeaf(value) then return u16(value,2) end
  return u32(value,2)
end

-- Its place in the directory of a leaf.
local function edgeIn(leaf,id)
  local stop=3+u16(leaf,2)*ENTRY
  local at=find(leaf,id,4,true)
  while at and at<=stop and (at-4)%ENTRY~=0 do at=find(leaf,id,at+1,true) end
  return at and at<=stop and at or nil
end

-- Where what is said of it begins, and how long that is.
local function saidOf(leaf,at)
  local start=4+u16(leaf,2)*ENTRY
  for p=4,at-1,ENTRY do start=start+u24(leaf,p+33) end
  return start,u24(leaf,at+33)
end
`
