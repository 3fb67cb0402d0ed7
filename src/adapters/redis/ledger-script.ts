// Lua of a commit, its end: what the feed tells, what waits, how far its sources are applied, and how much there is.

/** Follows on commit-script.ts, whose names it uses. */
export const LEDGER = String.raw`
local told={}
do
  local blob,p,ids,numbers=ARGV[12],1,{},{}
  while p<=#blob do
    local n=u16(blob,p)
    local length=u24(blob,p+2+n)
    local id=sub(blob,p+2,p+1+n)
    told[#told+1]=sub(blob,p+5+n,p+4+n+length)
    local number=seq+#told
    local mark=p16(floor(number/4294967296))..p32(number%4294967296)
    if numbers[id] then numbers[id]=numbers[id]..mark
    else
      numbers[id]=mark
      ids[#ids+1]=id
    end
    p=p+5+n+length
  end
  local writes={}
  for i,list in ipairs(many(TOLD,ids)) do
    local id=ids[i]
    if not list then list='\0\0\0\0'
    elseif #list>=4+6*ROWS then
      local chunk=u32(list,1)
      writes[#writes+1],writes[#writes+2]=id..'\255'..chunk,list
      list=p32(chunk+1)
    end
    writes[#writes+1],writes[#writes+2]=id,list..numbers[id]
  end
  set(TOLD,writes)
end
takeReviews(told,now)
for _,row in ipairs(frames(ARGV[13])) do told[#told+1]=row end

if #told>0 then
  local pairs,chunk={},floor(seq/ROWS)
  local parts={seq%ROWS>0 and call('HGET',FEED,chunk) or nil}
  for i=1,#told do
    parts[#parts+1]=p24(#told[i])
    parts[#parts+1]=told[i]
    if (seq+i)%ROWS==0 or i==#told then
      pairs[#pairs+1],pairs[#pairs+2]=tostring(chunk),concat(parts)
      parts,chunk={},chunk+1
    end
  end
  set(FEED,pairs)
  seq=seq+#told
end

for _,key in ipairs(keysIn(ARGV[14])) do call('ZREM',WAIT,key) end
for _,key in ipairs(keysIn(ARGV[15])) do call('ZADD',WAIT,0,key) end
for _,one in ipairs(applied) do call('HSET',AT,one[1],one[3]) end
local function text(n) return string.format('%.0f',n) end
if seq~=before.seq then call('HSET',META,'seq',text(seq)) end
if edges~=before.edges then call('HSET',META,'edges',text(edges)) end
if live~=before.live then call('HSET',META,'live',text(live)) end
if state[4] and not watched then
  call('HDEL',META,'watch')
  call('UNLINK',JOUR)
end
call('HINCRBY',META,'ended',1)
if seq~=before.seq then call('PUBLISH',ARGV[3],text(seq)) end
return 1
`
