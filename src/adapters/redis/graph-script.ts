// Lua that writes edges, and that takes an erased node out with all that names it.
// Invariant: of every edge there is one entry where it starts and one where it ends.

export const GRAPH = String.raw`
local EDGE_BYTES_MAX=16384
local MEMBER_KINDS_END=32
local edges=0

local function intoOf(kind) return kind<MEMBER_KINDS_END and INTO or MET end

-- A leaf with edges of another one, which begins at 'base' of 'given', put into it: one string more, since Lua hashes every
-- byte of each. 'fresh' hears new ids.
local function united(leaf,given,base,fresh)
  local n,more=u16(leaf,2),u16(given,base+1)
  local start,added=base+3+more*ENTRY,0
  local changed,said={},{}
  local parts,k={''},1
  for p=base+3,base+2+more*ENTRY,ENTRY do
    local id,length=sub(given,p,p+32),u24(given,p+33)
    local at=edgeIn(leaf,id)
    if at then
      changed[at]=start
      changed[-at]=length
    else
      added=added+1
      said[2*added-1],said[2*added]=start,start+length-1
      said[-added]=p
      fresh(id)
    end
    start=start+length
  end
  local entry,words=4,{}
  local word,w=4+n*ENTRY,0
  local here=word
  for at=4,3+n*ENTRY,ENTRY do
    local new=changed[at]
    local next=here+u24(leaf,at+33)
    if new then
      parts[k+1],parts[k+2]=sub(leaf,entry,at+32),p24(changed[-at])
      k,entry=k+2,at+ENTRY
      if here>word then
        w=w+1
        words[w]=sub(leaf,word,here-1)
      end
      w=w+1
      words[w]=sub(given,new,new+changed[-at]-1)
      word=next
    end
    here=next
  end
  parts[1]='\0'..p16(n+added)
  parts[k+1]=sub(leaf,entry,3+n*ENTRY)
  k=k+1
  for i=1,added do parts[k+i]=sub(given,said[-i],said[-i]+35) end
  k=k+added
  for i=1,w do parts[k+i]=words[i] end
  parts[k+w+1]=sub(leaf,word)
  k=k+w+1
  for i=1,added do parts[k+i]=sub(given,said[2*i-1],said[2*i]) end
  return concat(parts)
end

local function splitEdges(leaf,depth)
  local parts={}
  local n=u16(leaf,2)
  local start=4+n*ENTRY
  for p=4,3+n*ENTRY,ENTRY do
    local d=digit(sub(leaf,p,p+31),depth)
    local part=parts[d] or {n=0,ids={},said={}}
    parts[d]=part
    part.n=part.n+1
    local length=u24(leaf,p+33)
    part.ids[part.n]=sub(leaf,p,p+35)
    part.said[part.n]=sub(leaf,start,start+length-1)
    start=start+length
  end
  for d,part in pairs(parts) do parts[d]='\0'..p16(part.n)..concat(part.ids)..concat(part.said) end
  return parts
end

local function storeEdges(field,leaf,depth,isRoot)
  local n=u16(leaf,2)
  if depth<64 and n>1 and (n>leafMax or #leaf>EDGE_BYTES_MAX) then
    branch(OUT,field,splitEdges(leaf,depth),isRoot,n)
  else call('HSET',OUT,field,leaf) end
end

-- Edges of nodes, each given as a leaf.
local newEnds={[INTO]={},[MET]={}}
local function begun(from,id)
  edges=edges+1
  local ends,to=newEnds[intoOf(byte(id,33))],sub(id,1,32)
  local list=ends[to]
  if not list then
    list={}
    ends[to]=list
    ends[#ends+1]=to
  end
  list[#list+1]=from..sub(id,33)
end

local function putTree(from,given,base,fresh)
  local n=u16(given,base+1)
  local start,before=base+3+n*ENTRY,edges
  for p=base+3,base+2+n*ENTRY,ENTRY do
    local length=u24(given,p+33)
    local one='\0\0\1'..sub(given,p,p+35)..sub(given,start,start+length-1)
    local field,leaf,_,depth=leafOf(OUT,from,sub(given,p,p+32))
    storeEdges(field,united(leaf or '\0\0\0',one,1,fresh),depth,false)
    start=start+length
  end
  if edges>before then recount(OUT,from,call('HGET',OUT,from),edges-before) end
end

-- 'froms' have edges in the blob, each from a place on to another.
local function putEdges(froms,blob,starts,stops)
  local writes,k,from={},0,nil
  local function fresh(id) begun(from,id) end
  for i,leaf in ipairs(many(OUT,froms)) do
    local base=starts[i]
    from=froms[i]
    if leaf and not isLeaf(leaf) then putTree(from,blob,base,fresh)
    else
      if leaf then leaf=united(leaf,blob,base,fresh)
      else
        leaf=sub(blob,base,stops[i])
        for p=4,3+u16(leaf,2)*ENTRY,ENTRY do fresh(sub(leaf,p,p+32)) end
      end
      if u16(leaf,2)>leafMax or #leaf>EDGE_BYTES_MAX then storeEdges(from,leaf,0,true)
      else
        writes[k+1],writes[k+2]=from,leaf
        k=k+2
      end
    end
  end
  set(OUT,writes)
  for key,ends in pairs(newEnds) do
    local lists={}
    for i,to in ipairs(ends) do lists[i]=ends[to] end
    putAll(key,ends,lists)
  end
end

local function removeEdge(from,id)
  local field,leaf,root=leafOf(OUT,from,id)
  local at=leaf and edgeIn(leaf,id)
  if not at then return end
  local start,length=saidOf(leaf,at)
  local n=u16(leaf,2)
  if root and u32(root,2)==1 then drop(OUT,from,root)
  else
    if n==1 then call('HDEL',OUT,field)
    else
      local left=sub(leaf,4,at-1)..sub(leaf,at+36,start-1)..sub(leaf,start+length)
      call('HSET',OUT,field,'\0'..p16(n-1)..left)
    end
    if root then recount(OUT,from,root,-1) end
  end
  edges=edges-1
end

local function unsee(identifier,from)
  for _,day in ipairs(entries(DAYS,identifier,3)) do
    local _,isEmpty=take(SEEN,identifier..day,from,35)
    if isEmpty then take(DAYS,identifier,day,3) end
  end
end

local function removeEdges(key)
  local out=call('HGET',OUT,key)
  each(OUT,key,out,function(leaf)
    for p=4,3+u16(leaf,2)*ENTRY,ENTRY do
      local to,kind=sub(leaf,p,p+31),byte(leaf,p+32)
      take(intoOf(kind),to,key..char(kind),33)
      unsee(to,key)
    end
  end)
  edges=edges-edgeCount(out)
  drop(OUT,key,out)
  for _,into in ipairs({INTO,MET}) do
    for _,entry in ipairs(entries(into,key,33)) do removeEdge(sub(entry,1,32),key..sub(entry,33)) end
    drop(into,key,call('HGET',into,key))
  end
end

local function removeSightings(key)
  for _,identifier in ipairs(entries(LOOSE,key,32)) do unsee(identifier,key) end
  drop(LOOSE,key,call('HGET',LOOSE,key))
  for _,day in ipairs(entries(DAYS,key,3)) do drop(SEEN,key..day,call('HGET',SEEN,key..day)) end
  drop(DAYS,key,call('HGET',DAYS,key))
end

-- Who had it for an anchor is its own.
local function releaseAnchored(key)
  for _,other in ipairs(entries(ANCH,key,32)) do
    local record=call('HGET',NODE,other)
    local at=record and anchorAt(record)
    if at and sub(record,at,at+31)==key then
      local flags,length=byte(record,26),u16(record,24)
      call('HSET',NODE,other,sub(record,1,23)..p16(length-32)..char(flags-4)..sub(record,27,at-1)..sub(record,at+32))
    end
  end
  drop(ANCH,key,call('HGET',ANCH,key))
end

local function removeNode(key)
  local record=call('HGET',NODE,key)
  if not record then return end
  removeEdges(key)
  removeSightings(key)
  releaseAnchored(key)
  local label=labelOf(record,key)
  if label and label~=key then take(COMP,label,key,32) end
  call('HDEL',NODE,key)
end
`
