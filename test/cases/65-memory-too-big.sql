-- from: The table is full reports of MEMORY tables on restore (max_heap_table_size of the target is smaller)
-- right: failed database, target unchanged, the message says which setting
CREATE DATABASE case_65; USE case_65; CREATE TABLE m (id INT PRIMARY KEY, v CHAR(200)) ENGINE = MEMORY; INSERT INTO m WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, 'x' FROM n;
