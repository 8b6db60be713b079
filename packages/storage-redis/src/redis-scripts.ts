// What has to happen at once runs in Redis. Times are Redis's own, in milliseconds. All keys of a
// namespace are in one slot, so that a script may name the blob that it finds in an entry.
const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
`;

/** KEYS entry, index. ARGV key, expected revision, channel, prefix of blobs, how long readers keep a blob. */
const REPLACE = `
local key, expected, channel, blobs, keep = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local kind = redis.call('TYPE', KEYS[1])['ok']
-- What is there but none of ours has no revision, and can be replaced and deleted.
local stored = { false, false }
if kind == 'hash' then stored = redis.call('HMGET', KEYS[1], 'revision', 'blob') end
if expected == 'none' and kind ~= 'none' then return 'conflict' end
if string.sub(expected, 1, 1) == '=' and stored[1] ~= string.sub(expected, 2) then
  return 'conflict'
end
local function remove()
  if stored[2] then redis.call('PEXPIRE', blobs .. stored[2], keep) end
  redis.call('ZREMRANGEBYLEX', KEYS[2], '[' .. key .. '\\0', '(' .. key .. '\\1')
  redis.call('UNLINK', KEYS[1])
end
`;

/**
 * More ARGV: revision, size, time to live or "", "value" or "blob", the value or the blob's id, and
 * how many pieces the blob has. Gives when it was written and when it expires.
 */
export const PUT_SCRIPT = `${NOW}${REPLACE}
local revision, size, ttl, field, content = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
if field == 'blob' and redis.call('HLEN', blobs .. content) ~= tonumber(ARGV[11]) then
  return 'gone'
end
remove()
local expires = ''
if ttl ~= '' then expires = text(now + tonumber(ttl)) end
redis.call('HSET', KEYS[1], 'revision', revision, 'size', size, 'updated', text(now),
  'expires', expires, field, content)
redis.call('ZADD', KEYS[2], 0,
  key .. '\\0' .. revision .. ' ' .. size .. ' ' .. text(now) .. ' ' .. expires)
if expires ~= '' then redis.call('PEXPIREAT', KEYS[1], expires) end
if field == 'blob' and expires == '' then redis.call('PERSIST', blobs .. content) end
if field == 'blob' and expires ~= '' then
  redis.call('PEXPIREAT', blobs .. content, text(tonumber(expires) + tonumber(keep)))
end
redis.call('PUBLISH', channel, 'put ' .. key)
return { text(now), expires }
`;

/** Gives 1 where there was a value. */
export const DELETE_SCRIPT = `${REPLACE}
remove()
if kind == 'none' then return 0 end
redis.call('PUBLISH', channel, 'delete ' .. key)
return 1
`;

/** KEYS index. ARGV lowest and highest member, how many. Gives the time and the members. */
export const LIST_SCRIPT = `${NOW}
return { text(now), redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3]) }
`;

/** KEYS blob. ARGV number of the piece, its bytes, milliseconds until the blob is given up. */
export const PIECE_SCRIPT = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
`;
