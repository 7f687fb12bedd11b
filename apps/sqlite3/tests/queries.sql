-- Run here and by the distribution's sqlite3; the outputs must be alike.
.mode list
.headers on
CREATE TABLE city(id INTEGER PRIMARY KEY, name TEXT NOT NULL, people REAL, founded INTEGER);
INSERT INTO city(name, people, founded) VALUES ('Ulm', 126.9, 854), ('Graz', 292.6, 1128), ('Łódź', 670.6, 1423), ('Nizza', 342.5, -350);
SELECT name, people, length(name), upper(name) FROM city ORDER BY people DESC;
SELECT count(*), sum(people), avg(founded), group_concat(name, '+') FROM city;

-- a recursive query: the first primes
WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 100)
SELECT x FROM n AS a WHERE NOT EXISTS (SELECT 1 FROM n AS b WHERE b.x < a.x AND a.x % b.x = 0) LIMIT 12;

-- window functions, an index, a trigger, a transaction that is taken back
CREATE INDEX by_age ON city(founded);
SELECT name, rank() OVER (ORDER BY founded), sum(people) OVER (ORDER BY founded ROWS 1 PRECEDING) FROM city ORDER BY founded;
CREATE TABLE log(line TEXT);
CREATE TRIGGER renamed AFTER UPDATE OF name ON city BEGIN INSERT INTO log VALUES (old.name || ' -> ' || new.name); END;
UPDATE city SET name = 'Nice' WHERE name = 'Nizza';
BEGIN;
DELETE FROM city;
SELECT count(*) FROM city;
ROLLBACK;
SELECT count(*) FROM city;
SELECT * FROM log;

-- floating point as text, blobs, dates, JSON, full text
SELECT printf('%.17g', 0.1), 1e308 * 10, -7 / 2, -7 % 2, 7.0 / 2, round(2.5), hex(zeroblob(2)), typeof(1 / 0);
SELECT date('2000-02-28', '+1 day'), julianday('2024-02-29 12:00'), strftime('%j %W', '2023-12-31');
SELECT json_extract('{"a": [1, {"b": "c"}]}', '$.a[1].b'), json_group_array(name) FROM city;
CREATE VIRTUAL TABLE page USING fts5(title, body);
INSERT INTO page VALUES ('one', 'the quick brown fox'), ('two', 'jumps over the lazy dog'), ('three', 'foxes are quick');
SELECT title FROM page WHERE page MATCH 'quick AND fox*' ORDER BY title;

-- a table larger than the cache of pages
PRAGMA cache_size = 10;
CREATE TABLE big AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT x, x * 7919 % 20011 AS y, printf('row %d', x) AS z FROM n;
CREATE INDEX big_y ON big(y);
SELECT count(*), min(y), max(y), sum(y), max(z) FROM big;
SELECT z FROM big WHERE y BETWEEN 500 AND 505 ORDER BY y;
PRAGMA integrity_check;
SELECT no_such_column FROM city;
