-- from: own find, as b21 (functions that both vendors have, in views, routines, triggers, checks, defaults and generated columns)
-- right: copied, with the same values on both vendors; what is not quite the same is said.
CREATE DATABASE case_b21b CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; USE case_b21b;
CREATE TABLE doc (
  id INT PRIMARY KEY, j JSON, x VARCHAR(90),
  depth INT AS (JSON_DEPTH(j)), kind VARCHAR(20) AS (JSON_TYPE(j)) STORED, overlaps INT AS (JSON_OVERLAPS(j, '[1, 2]')),
  CHECK (JSON_TYPE(j) <> 'BOOLEAN')
);
INSERT INTO doc (id, j, x) VALUES (1, '[1, {"a": "ä"}]', '<a><b>ä</b></a>'), (2, '{"n": 1}', '<a/>'), (3, NULL, NULL);
CREATE TABLE place (id INT PRIMARY KEY, p POINT NOT NULL, g POLYGON, far INT AS (ST_X(p) > 5 OR ST_DISTANCE(p, POINT(0, 0)) > 5));
INSERT INTO place (id, p, g) VALUES (1, POINT(1, 1), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')), (2, POINT(9, 0), NULL);
CREATE VIEW patterns AS SELECT id, x RLIKE '^<A' AS a, x NOT REGEXP CONCAT('b', '>') AS b, REGEXP_LIKE(x, 'ä') + 1 AS c FROM doc;
CREATE VIEW items AS SELECT doc.id, i.n, i.v, i.e FROM doc,
  JSON_TABLE(doc.j, '$[*]' COLUMNS (n FOR ORDINALITY, v VARCHAR(9) PATH '$.a' NULL ON EMPTY DEFAULT '5' ON ERROR, e INT EXISTS PATH '$.a')) i;
CREATE VIEW xml AS SELECT id, EXTRACTVALUE(x, '//b') AS b, UPDATEXML(x, '/a/b', '<c/>') AS u, HEX(WEIGHT_STRING(x)) AS w FROM doc;
CREATE VIEW shapes AS SELECT id, ST_CONTAINS(g, p) AS inside, ST_AREA(g) AS area, MBRINTERSECTS(g, p) AS touches, ST_ASTEXT(ST_EXTERIORRING(g)) AS ring,
  ST_DISTANCE_SPHERE(p, POINT(2, 3)) AS far, ST_SRID(p) AS srid FROM place;
DELIMITER //
CREATE FUNCTION matches(t VARCHAR(90)) RETURNS INT DETERMINISTIC RETURN regexp_like ( t, (CONCAT('a', ',', 'b')) ) OR JSON_OVERLAPS('[1]', '[1]')//
CREATE TRIGGER before_doc BEFORE INSERT ON doc FOR EACH ROW SET NEW.x = IF(JSON_DEPTH(NEW.j) > 9, EXTRACTVALUE(NEW.x, '/a'), NEW.x)//
DELIMITER ;
