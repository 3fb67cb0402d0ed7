// Lua that keeps questions and verdicts, and says which rows of the feed they give, as ports/review-changes.ts does.
// Invariant: what is gone and put again, or put while it is there, gives no row.

/**
 * A question is kept as: keys of its sides 64, its place in the order of worth (length 2), its row's words (length 3),
 * its record. A verdict as: at 6, its place in the order 8, keys (length 4), subject (length 2), words (length 3), record.
 */
export const REVIEWS = String.raw`
local OPENED,CLOSED,DECIDED,UNDONE='\5','\6','\7','\8'
local goneQuestions,putQuestions,goneVerdicts,putVerdicts={},{},{},{}
local order={putQuestions={},goneVerdicts={},putVerdicts={}}

local function nameIt(key,name)
  if call('ZADD',NAMES,0,key..name)==1 then call('HINCRBY',NAMED,key,1) end
end
local function unnameIt(key,name)
  if call('ZREM',NAMES,key..name)==1 and call('HINCRBY',NAMED,key,-1)==0 then call('HDEL',NAMED,key) end
end

local function questionIn(value)
  local n=u16(value,65)
  local words=u24(value,67+n)
  return sub(value,1,32),sub(value,33,64),sub(value,67,66+n),sub(value,70+n,69+n+words)
end

local function closeQuestion(id)
  local value=call('HGET',QUES,id)
  if not value then return end
  local a,b,place,words=questionIn(value)
  call('HDEL',QUES,id)
  call('ZREM',QORD,place..id)
  unnameIt(a,'q'..id)
  unnameIt(b,'q'..id)
  goneQuestions[id]=words
end

local function openQuestion(id,value)
  local a,b,place,words=questionIn(value)
  call('HSET',QUES,id,value)
  call('ZADD',QORD,0,place..id)
  nameIt(a,'q'..id)
  nameIt(b,'q'..id)
  if goneQuestions[id] then goneQuestions[id]=nil
  else
    putQuestions[id]=words
    table.insert(order.putQuestions,id)
  end
end

local function closeQuestionsOf(key)
  for _,name in ipairs(call('ZRANGEBYLEX',NAMES,'['..key..'q','('..key..'r')) do closeQuestion(sub(name,34)) end
end

local function verdictIn(value)
  local keys=u32(value,15)
  local p=19+keys
  local subject=u16(value,p)
  local words=u24(value,p+2+subject)
  return sub(value,1,6),sub(value,7,14),sub(value,19,18+keys),sub(value,p+2,p+1+subject),
    sub(value,p+5+subject,p+4+subject+words)
end

-- Under its own id, and under that of the question it answers.
local function answers(id,subject) return id==subject and {id} or {id,subject} end

local function takeVerdict(id)
  local value=call('HGET',VERD,id)
  if not value then return end
  local at,place,keys,subject,words=verdictIn(value)
  call('HDEL',VERD,id)
  call('ZREM',VORD,place..id)
  for _,key in ipairs(keysIn(keys)) do unnameIt(key,'v'..id) end
  for _,name in ipairs(answers(id,subject)) do call('ZREM',VON,name..'\0'..place..id) end
  goneVerdicts[id]={at,words}
  table.insert(order.goneVerdicts,id)
end

local function putVerdict(id,value)
  local at,place,keys,subject,words=verdictIn(value)
  call('HSET',VERD,id,value)
  call('ZADD',VORD,0,place..id)
  for _,key in ipairs(keysIn(keys)) do nameIt(key,'v'..id) end
  for _,name in ipairs(answers(id,subject)) do call('ZADD',VON,0,name..'\0'..place..id) end
  if goneVerdicts[id] then goneVerdicts[id]=nil
  else
    putVerdicts[id]={at,words,subject}
    table.insert(order.putVerdicts,id)
  end
end

-- By bytes: how the texts of Lua compare is the locale's.
local function isBefore(a,b)
  for i=1,math.min(#a,#b) do
    local x,y=byte(a,i),byte(b,i)
    if x~=y then return x<y end
  end
  return #a<#b
end

local function rowsOf(told,now)
  local decided,closed={},{}
  for _,one in pairs(putVerdicts) do decided[one[3]]=true end
  for id in pairs(goneQuestions) do
    if not decided[id] then closed[#closed+1]=id end
  end
  table.sort(closed,isBefore)
  for _,id in ipairs(closed) do told[#told+1]=CLOSED..now..goneQuestions[id] end
  for _,id in ipairs(order.putQuestions) do told[#told+1]=OPENED..now..putQuestions[id] end
  for _,id in ipairs(order.goneVerdicts) do
    local one=goneVerdicts[id]
    if one then told[#told+1]=UNDONE..now..one[2] end
    goneVerdicts[id]=nil
  end
  for _,id in ipairs(order.putVerdicts) do told[#told+1]=DECIDED..putVerdicts[id][1]..putVerdicts[id][2] end
end

local function takeReviews(told,now)
  for _,id in ipairs(frames(ARGV[16])) do closeQuestion(id) end
  local questions=frames(ARGV[17])
  for i=1,#questions,2 do closeQuestion(questions[i]) end
  for i=1,#questions,2 do openQuestion(questions[i],questions[i+1]) end
  for _,id in ipairs(frames(ARGV[18])) do takeVerdict(id) end
  local verdicts=frames(ARGV[19])
  for i=1,#verdicts,2 do takeVerdict(verdicts[i]) end
  for i=1,#verdicts,2 do putVerdict(verdicts[i],verdicts[i+1]) end
  rowsOf(told,now)
end
`
