-- A demonstration: a picture that draws itself, a puzzle, a sieve, a generator; each with its time.
local clock, write = os.clock, io.write
local started = clock()

local function title(text)
  write(("\n\27[1m%s\27[0m\n"):format(text))
end

local function timed(what, since)
  write(("\27[2m%s in %.2f s\27[0m\n"):format(what, clock() - since))
end

-- The Mandelbrot set, two rows of points to a line of text: the upper half block's colours are fore- and background.
local function mandelbrot(width, height, depth)
  local function escape(x, y)
    local a, b, aa, bb = 0.0, 0.0, 0.0, 0.0
    for n = 0, depth - 1 do
      b = 2 * a * b + y
      a = aa - bb + x
      aa, bb = a * a, b * b
      if aa + bb > 4 then return n end
    end
  end
  local function colour(n)
    if not n then return 16 end
    local t = math.min(1, (n / depth) ^ 0.45)
    local red, green = math.floor(t * 5), math.floor(t * t * 5)
    return 16 + 36 * red + 6 * green + math.floor(5 - math.abs(t - 0.35) * 5)
  end
  for row = 0, height - 1, 2 do
    local line = {}
    for column = 0, width - 1 do
      local x = -2.2 + 3.1 * column / width
      local upper = escape(x, -1.2 + 2.4 * row / height)
      local lower = escape(x, -1.2 + 2.4 * (row + 1) / height)
      line[#line + 1] = ("\27[38;5;%d;48;5;%dm▀"):format(colour(upper), colour(lower))
    end
    write(table.concat(line), "\27[0m\n")
    io.flush()
  end
end

-- Every way to place n queens, and the first one drawn.
local function queens(n)
  local columns, rising, falling, placed, count, first = {}, {}, {}, {}, 0, nil
  local function place(row)
    if row > n then
      count = count + 1
      first = first or table.move(placed, 1, n, 1, {})
      return
    end
    for column = 1, n do
      local r, f = row + column, row - column
      if not (columns[column] or rising[r] or falling[f]) then
        columns[column], rising[r], falling[f], placed[row] = true, true, true, column
        place(row + 1)
        columns[column], rising[r], falling[f] = nil, nil, nil
      end
    end
  end
  place(1)
  return count, first
end

local function board(n, solution)
  for row = 1, n do
    local cells = {}
    for column = 1, n do
      local shade = (row + column) % 2 == 0 and 240 or 236
      cells[column] = ("\27[48;5;%dm%s"):format(shade, solution[row] == column and "\27[38;5;220m♛ " or "  ")
    end
    write("  ", table.concat(cells), "\27[0m\n")
  end
end

local function primes(limit)
  local composite, found = {}, {}
  for n = 2, limit do
    if not composite[n] then
      found[#found + 1] = n
      for multiple = n * n, limit, n do composite[multiple] = true end
    end
  end
  return found
end

write("\27[2J\27[H\27[1m", _VERSION, " on Ashlar\27[0m: an interpreter, a C library and a kernel in one image\n")

title("The Mandelbrot set")
local since = clock()
mandelbrot(78, 44, 250)
timed("78 by 44 points", since)

title("Queens")
since = clock()
local count, first = queens(8)
board(8, first)
timed(("%d ways to place 8 queens"):format(count), since)

title("Primes")
since = clock()
local found = primes(300000)
write(("%d below 300000; the last: %s\n"):format(#found, table.concat(found, " ", #found - 7)))
timed("sieved", since)

title("A coroutine")
since = clock()
local fibonacci = coroutine.wrap(function()
  local a, b = 0, 1
  while true do
    coroutine.yield(a)
    a, b = b, a + b
  end
end)
for _ = 1, 20 do write(fibonacci(), " ") end
write("\n")
timed("20 numbers", since)

write(("\n%.0f KiB of Lua heap, %.2f s in all.\n"):format(collectgarbage("count"), clock() - started))
