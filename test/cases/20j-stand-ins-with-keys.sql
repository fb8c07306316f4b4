-- from: the kind of 20a, on targets that refuse tables without a primary key (sql_require_primary_key, innodb_force_primary_key)
-- right: same (copied as broken as it is)
CREATE DATABASE case_20j; USE case_20j; CREATE TABLE fine (id INT PRIMARY KEY); INSERT INTO fine VALUES (1);
CREATE TABLE gone (id INT, name VARCHAR(10), g GEOMETRY); CREATE VIEW broken AS SELECT id, CONCAT(name, 'x') AS name, ST_AsText(ST_PointN(g, id)) AS g, ST_AsText(ST_GeomFromText(name)) AS p FROM gone WHERE id > 1; CREATE VIEW outer_one AS SELECT id, g FROM broken; DROP TABLE gone;
