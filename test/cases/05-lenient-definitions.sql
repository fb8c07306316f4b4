-- from: what SHOW CREATE TABLE prints of tables that were made with an empty sql_mode or innodb_strict_mode = OFF: members of ENUM and SET that repeat, zero dates, rows and row formats that InnoDB would not take
-- right: same
CREATE DATABASE case_05; USE case_05; SET SESSION sql_mode = '', innodb_strict_mode = 0;
CREATE TABLE repeated (id INT AUTO_INCREMENT PRIMARY KEY, a ENUM ('a', 'b', 'a') CHARACTER SET latin1 NOT NULL DEFAULT 'b', lost ENUM ('x', 'é', 'è') CHARACTER SET ascii, upper ENUM ('a', 'A') COLLATE utf8mb4_general_ci, s SET ('a', 'A', 'b') COLLATE utf8mb4_general_ci, KEY (a), KEY (s, upper));
INSERT INTO repeated (a, lost, upper, s) VALUES ('a', 'x', 1, 'a,b'), (3, 2, 2, 2), (2, 3, 2, 7), ('nothing', '', '', '');
CREATE TABLE zero (id INT PRIMARY KEY, d DATE NOT NULL DEFAULT '0000-00-00', t DATETIME DEFAULT '2020-00-00', ts TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', KEY (d));
INSERT INTO zero (id) VALUES (1), (2); INSERT INTO zero VALUES (3, '2020-00-10', '2020-01-00', '2020-01-01');
CREATE TABLE packed (id INT PRIMARY KEY, v VARCHAR(200)) ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 16; INSERT INTO packed VALUES (1, 'x');
CREATE TABLE fixed (id INT PRIMARY KEY, v VARCHAR(200)) ROW_FORMAT = FIXED; INSERT INTO fixed VALUES (1, 'x');
CREATE TABLE shortened (id INT PRIMARY KEY, v VARCHAR(1000) CHARACTER SET utf8mb4, w VARCHAR(1000) CHARACTER SET utf8mb4, KEY (v), KEY (w)) COMMENT = 'x'; INSERT INTO shortened VALUES (1, 'x', NULL);
SET @wide = (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT GROUP_CONCAT(CONCAT('c', i, ' CHAR(150)') ORDER BY i SEPARATOR ', ') FROM n);
SET @wide = CONCAT('CREATE TABLE wide (id INT PRIMARY KEY, ', @wide, ') CHARACTER SET latin1 ROW_FORMAT = DYNAMIC'); PREPARE make FROM @wide; EXECUTE make;
INSERT INTO wide (id, c1, c60) VALUES (1, 'a', 'z');
