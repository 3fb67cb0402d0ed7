// Lua of a load, its second half: what stands around the nodes and edges that it has found.

/** Follows on load-script.ts, whose names it uses. */
export const AROUND = String.raw`
local sightings={}
do
  local blob,names,order=ARGV[2],{},{}
  local identifiers={}
  for p=1,#blob,38 do identifiers[#identifiers+1]=sub(blob,p,p+31) end
  for i,value in ipairs(many(DAYS,identifiers)) do
    local p=1+38*(i-1)
    local from,to,days=u24(blob,p+32),u24(blob,p+35),{}
    each(DAYS,identifiers[i],value,function(leaf)
      for q=2,#leaf,3 do
        local day=u24(leaf,q)
        if day>=from and day<=to then days[#days+1]=day end
      end
    end)
    table.sort(days)
    for _,day in ipairs(days) do names[#names+1]=identifiers[i]..p24(day) end
  end
  local values=many(SEEN,names)
  for i,name in ipairs(names) do
    local cells,froms={},{}
    each(SEEN,name,values[i],function(leaf)
      for q=2,#leaf,35 do
        cells[#cells+1]=sub(leaf,q,q+34)
        froms[#froms+1]=sub(leaf,q,q+31)
      end
      return #cells>perDayMax
    end)
    order[i]={cells,froms}
  end
  local wanted={}
  for i=1,#names do
    for _,from in ipairs(order[i][2]) do
      if known[from]==nil and wanted[from]==nil then
        wanted[from]=false
        wanted[#wanted+1]=from
      end
    end
  end
  for i,record in ipairs(many(NODE,wanted)) do wanted[wanted[i]]=record end
  for i,name in ipairs(names) do
    local parts,n={},0
    for j,cell in ipairs(order[i][1]) do
      local from=order[i][2][j]
      local record=known[from]
      if record==nil then record=wanted[from] end
      if record then
        n=n+1
        parts[n]=cell..placeOf(record)
      end
    end
    sightings[i]=name..concat(parts)
  end
end

local profiles,isTold={},{}
do
  local wanted={}
  local function want(id)
    if id~='' and not isTold[id] then
      isTold[id]=true
      wanted[#wanted+1]=id
    end
  end
  for _,i in ipairs(complete) do want(profileOf(known[all[i]])) end
  for _,id in ipairs(frames(ARGV[3])) do want(id) end
  for i,record in ipairs(many(PROF,wanted)) do
    if record then
      profiles[#profiles+1]=wanted[i]
      profiles[#profiles+1]=record
    end
  end
end

local questions,verdicts={},{}
if call('HLEN',NAMED)>0 then
  local keys,ids={},{q={},v={}}
  for _,i in ipairs(complete) do keys[#keys+1]=all[i] end
  for _,key in ipairs(missing) do keys[#keys+1]=key end
  for i,named in ipairs(many(NAMED,keys)) do
    if named then
      for _,name in ipairs(call('ZRANGEBYLEX',NAMES,'['..keys[i],'('..keys[i]..'\255')) do
        local kind,id=sub(name,33,33),sub(name,34)
        if not ids[kind][' '..id] and (kind=='v' or i<=#complete) then
          ids[kind][' '..id]=true
          table.insert(ids[kind],id)
        end
      end
    end
  end
  questions,verdicts=many(QUES,ids.q),many(VERD,ids.v)
end

-- Keys and records in turn: of who is complete, then of others.
local whole,others={},{}
for i,at in ipairs(complete) do whole[2*i-1],whole[2*i]=all[at],known[all[at]] end
local isOther={}
local function tellOther(key)
  if known[key] and not isComplete[key] and not isOther[key] then
    isOther[key]=true
    others[#others+1]=key
    others[#others+1]=known[key]
  end
end
for _,key in ipairs(asked) do tellOther(key) end
for _,key in ipairs(far) do tellOther(key) end
return {whole,others,over,edges,sightings,profiles,verdicts,questions}
`
