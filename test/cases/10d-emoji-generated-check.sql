-- from: bugs.mysql.com #110291 (4-byte characters in generated columns, checks and default expressions)
-- right: same, or refused by name before anything is written
CREATE DATABASE case_10d CHARACTER SET utf8mb4; USE case_10d;
CREATE TABLE gen (id INT PRIMARY KEY, n VARCHAR(20), g VARCHAR(30) GENERATED ALWAYS AS (CONCAT(n, '🎉')) STORED, CONSTRAINT ck CHECK (n <> '🙈')); INSERT INTO gen (id, n) VALUES (1, 'x');
