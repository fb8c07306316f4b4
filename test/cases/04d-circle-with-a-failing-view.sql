-- from: two databases whose views read each other, one of which has a view that calls a function of a database that is not copied
-- right: both fail, the error names the view, and the target gets none of the two
CREATE DATABASE case_04d_crm; CREATE DATABASE case_04d_shop; CREATE SCHEMA case_04d_elsewhere;
CREATE TABLE case_04d_crm.t (id INT PRIMARY KEY); CREATE TABLE case_04d_shop.t (id INT PRIMARY KEY);
CREATE FUNCTION case_04d_elsewhere.one() RETURNS INT DETERMINISTIC RETURN 1;
CREATE VIEW case_04d_crm.v AS SELECT id FROM case_04d_shop.t; CREATE VIEW case_04d_shop.v AS SELECT id FROM case_04d_crm.t;
CREATE VIEW case_04d_shop.w AS SELECT case_04d_elsewhere.one() AS one FROM case_04d_shop.t;
