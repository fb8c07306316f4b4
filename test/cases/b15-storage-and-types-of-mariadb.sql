-- from: what a DBA converts by hand on the way from MariaDB (MediaWiki and Moodle farms on Aria, UUID keys of Laravel 11, INET6 of mail and access logs, compressed pages and columns)
-- right: InnoDB, text of the same value, and no compression, each with a note.
CREATE DATABASE case_b15 CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; USE case_b15;
CREATE TABLE visit (
  id UUID NOT NULL PRIMARY KEY DEFAULT UUID(),
  ip INET6 DEFAULT '::',
  old_ip INET4 NOT NULL DEFAULT '127.0.0.1',
  parent UUID,
  kind VARCHAR(9) AS (IF(ip IS NULL, 'none', 'some')),
  UNIQUE KEY (ip, old_ip),
  CONSTRAINT parent_of FOREIGN KEY (parent) REFERENCES visit (id)
);
INSERT INTO visit (id, ip, old_ip, parent) VALUES
  ('00000000-0000-0000-0000-000000000000', '::ffff:192.168.1.2', '255.255.255.255', NULL),
  ('F47AC10B-58CC-4372-A567-0E02B2C3D479', 'FE80::1', '0.0.0.0', '00000000-0000-0000-0000-000000000000'),
  ('018f4e9a-7b6c-7abc-8def-0123456789ab', '2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff', '10.0.0.1', 'f47ac10b58cc4372a5670e02b2c3d479'),
  ('2fac1234-31f8-11b4-a222-08002b34c003', NULL, '10.0.0.1', NULL);
INSERT INTO visit (ip) VALUES ('::1');
CREATE TABLE in_aria (id INT AUTO_INCREMENT PRIMARY KEY, t TEXT, FULLTEXT KEY (t), KEY (t(9)) USING BTREE) ENGINE=Aria;
INSERT INTO in_aria (t) VALUES ('a'), (NULL), ('b');
CREATE TABLE in_aria_fixed (a INT NOT NULL, v CHAR(9)) ENGINE=Aria ROW_FORMAT=FIXED TRANSACTIONAL=0 CHECKSUM=1;
INSERT INTO in_aria_fixed VALUES (1, 'x '), (1, 'x ');
CREATE TABLE in_aria_parts (id INT NOT NULL PRIMARY KEY) ENGINE=Aria
  PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE);
INSERT INTO in_aria_parts VALUES (1), (20);
CREATE TABLE pages (id INT PRIMARY KEY, note VARCHAR(900) COMPRESSED, doc LONGBLOB COMPRESSED NOT NULL) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=5;
INSERT INTO pages VALUES (1, REPEAT('ä', 300), REPEAT(x'00ff', 400)), (2, NULL, ''), (3, 'short', 'x');
CREATE VIEW recent AS SELECT id, ip FROM visit WHERE kind = 'some';
