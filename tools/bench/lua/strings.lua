-- SPDX-License-Identifier: Apache-2.0
-- Strings: build, format, search, replace, join.
return function(scale)
  local bytes = 0
  for _ = 1, math.ceil(80 * scale) do
    local parts = {}
    for i = 1, 5000 do parts[i] = ("%d:%s;"):format(i, ("x"):rep(i % 17)) end
    local text = table.concat(parts)
    local replaced, count = text:gsub("(%d+):(x*)", "%2-%1")
    bytes = bytes + #replaced + count + select(2, replaced:upper():gsub("X", ""))
    for word in replaced:gmatch("%d+") do bytes = bytes + #word end
  end
  return bytes
end
