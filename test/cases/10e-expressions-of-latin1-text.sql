-- from: bugs.mysql.com #110291 (bytes of literals in expressions that SHOW CREATE TABLE prints as ?), with keys of expressions
-- right: same
CREATE DATABASE case_10e CHARACTER SET utf8mb4; USE case_10e;
CREATE TABLE gen (id INT PRIMARY KEY, n VARCHAR(20), l VARCHAR(20) CHARACTER SET latin1, g VARCHAR(60) GENERATED ALWAYS AS (CONCAT(n, _latin1 0xE9, _latin1'é', 'é🎉?''\\\n"')) STORED, b VARBINARY(9) GENERATED ALWAYS AS (CONCAT(_binary 0x00FF, X'FF00')) VIRTUAL, d VARCHAR(20) DEFAULT (CONCAT(_latin1 0xE9, '🦊?')), j JSON, CONSTRAINT ck CHECK (n <> '🙈é?\''), CONSTRAINT cl CHECK (l <> _latin1 0xE9), KEY f (n, (CONCAT(n, 'é🦊'))), KEY u ((CAST(j->'$."a🙈"' AS UNSIGNED ARRAY))));
INSERT INTO gen (id, n, j) VALUES (1, 'x', '{"a🙈": [1, 2]}'), (2, '?', NULL);
SET NAMES latin1;
CREATE TABLE old (id INT PRIMARY KEY, n VARCHAR(20) DEFAULT 'caf�', g VARCHAR(20) GENERATED ALWAYS AS (CONCAT(n, '�?')) STORED);
INSERT INTO old (id) VALUES (1);
