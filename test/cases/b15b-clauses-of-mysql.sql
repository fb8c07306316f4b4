-- from: what a DBA converts by hand on the way from MySQL (Magento and GitLab-like schemas with functional indexes, COMPRESSION of archives, AUTOEXTEND_SIZE of bulk loads, NOT NULL generated columns of JSON documents)
-- right: keys over invisible generated columns, a CHECK for NOT NULL, and no compression, each with a note.
CREATE DATABASE case_b15b CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; USE case_b15b;
CREATE TABLE person (
  id INT PRIMARY KEY,
  email VARCHAR(40) COLLATE utf8mb4_swedish_ci,
  n INT,
  doc JSON,
  twice INT AS (n * 2) NOT NULL,
  stored_twice INT AS (n * 2) STORED NOT NULL COMMENT 'kept',
  person_1 INT,
  UNIQUE KEY by_email ((LOWER(email))),
  KEY `person` ((n + 1), id, (n * 3) DESC),
  KEY city ((CAST(JSON_UNQUOTE(JSON_EXTRACT(doc, '$.city')) AS CHAR(20)))),
  KEY twice (twice),
  CONSTRAINT twice_not_null CHECK (twice < 1000)
);
INSERT INTO person (id, email, n, doc) VALUES
  (1, 'A@b.c', 1, '{"city": "Ystad"}'), (2, 'ä@b.c', 2, '{"city": null}'), (3, NULL, 3, NULL), (4, NULL, 4, '[]');
CREATE TABLE archive (id INT PRIMARY KEY, t LONGTEXT) COMPRESSION='zlib' AUTOEXTEND_SIZE=4M;
INSERT INTO archive VALUES (1, REPEAT('x', 9000)), (2, NULL);
CREATE VIEW adults AS SELECT id, twice FROM person WHERE LOWER(email) = 'a@b.c';
