-- SPDX-License-Identifier: Apache-2.0
-- Floating point: points of the Mandelbrot set on a grid.
return function(scale)
  local size, inside = 128, 0
  for _ = 1, math.ceil(40 * scale) do
    for row = 0, size - 1 do
      local ci = 2.0 * row / size - 1.0
      for column = 0, size - 1 do
        local cr, zr, zi, bounded = 2.0 * column / size - 1.5, 0.0, 0.0, true
        for _ = 1, 50 do
          zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
          if zr * zr + zi * zi > 4.0 then
            bounded = false
            break
          end
        end
        if bounded then inside = inside + 1 end
      end
    end
  end
  return inside
end
