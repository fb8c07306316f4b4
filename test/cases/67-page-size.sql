-- from: omega8cc/boa #1366 https://github.com/omega8cc/boa/issues/1366 (ERROR 1709/1071 index column size too large: the target has smaller InnoDB pages or an older row format)
-- right: failed database, target unchanged, the message says what the target has
CREATE DATABASE case_67; USE case_67; CREATE TABLE k (id INT PRIMARY KEY, a VARCHAR(500) CHARACTER SET utf8mb4, KEY (a)); INSERT INTO k VALUES (1, 'x');
