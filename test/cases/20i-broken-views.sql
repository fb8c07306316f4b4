-- from: the kind of 20d to 20h: views whose column, function or partition is gone
-- right: named in the plan before anything is written, with the way out; a view on such a view is not named, and fine ones are not
CREATE DATABASE case_20i; USE case_20i; CREATE TABLE t (id INT PRIMARY KEY, n INT, KEY k (n)) PARTITION BY HASH (id) PARTITIONS 2; CREATE FUNCTION f (a INT) RETURNS INT DETERMINISTIC RETURN a;
CREATE VIEW no_column AS SELECT id, n FROM t x; CREATE VIEW on_broken AS SELECT id FROM no_column; CREATE VIEW no_function AS SELECT id, f(id) AS f FROM t; CREATE VIEW no_partition AS SELECT id FROM t PARTITION (p1); CREATE VIEW hinted AS SELECT id FROM t FORCE INDEX (PRIMARY);
ALTER TABLE t DROP COLUMN n; DROP FUNCTION f; ALTER TABLE t COALESCE PARTITION 1;
