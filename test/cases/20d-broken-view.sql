-- from: Friendica #9975 https://github.com/friendica/friendica/issues/9975, sherlock #87, TiDB #54964 (views that are broken on the source: missing database)
-- right: same (copied as broken as it is), or named in the plan before anything is written with the way out
CREATE DATABASE case_20d; USE case_20d; CREATE TABLE b1_src (id INT); CREATE TABLE fine (id INT PRIMARY KEY); INSERT INTO fine VALUES (1); CREATE VIEW good AS SELECT id FROM fine;
CREATE DATABASE case_20d_gone; CREATE TABLE case_20d_gone.t (id INT); CREATE VIEW broken AS SELECT id FROM case_20d_gone.t; DROP DATABASE case_20d_gone;
