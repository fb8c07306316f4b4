-- from: Friendica #9975 https://github.com/friendica/friendica/issues/9975, sherlock #87, TiDB #54964 (views that are broken on the source: missing index of a hint)
-- right: same (copied as broken as it is), or named in the plan before anything is written with the way out
CREATE DATABASE case_20h; USE case_20h; CREATE TABLE b1_src (id INT); CREATE TABLE fine (id INT PRIMARY KEY); INSERT INTO fine VALUES (1); CREATE VIEW good AS SELECT id FROM fine;
CREATE TABLE hint (id INT, KEY k (id)); CREATE VIEW broken AS SELECT id FROM hint USE INDEX (k); ALTER TABLE hint DROP KEY k;
