-- from: a shop and its CRM whose views and foreign keys use each other's tables, and views that read each other's views
-- right: all databases the same: no order can create them, so they are swapped together
CREATE DATABASE case_04_crm; CREATE DATABASE case_04_shop;
CREATE TABLE case_04_crm.customers (id INT PRIMARY KEY, name VARCHAR(20));
CREATE TABLE case_04_shop.orders (id INT PRIMARY KEY, customer INT,
  CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES case_04_crm.customers (id));
CREATE TABLE case_04_crm.notes (id INT PRIMARY KEY, about INT,
  CONSTRAINT notes_about FOREIGN KEY (about) REFERENCES case_04_shop.orders (id));
INSERT INTO case_04_crm.customers VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO case_04_shop.orders VALUES (10, 1), (11, 2);
INSERT INTO case_04_crm.notes VALUES (100, 10);
CREATE FUNCTION case_04_crm.greeting() RETURNS VARCHAR(20) DETERMINISTIC RETURN 'hello';
CREATE VIEW case_04_crm.open_orders AS SELECT id, customer FROM case_04_shop.orders;
CREATE VIEW case_04_shop.buyers AS SELECT o.id, c.name FROM case_04_crm.open_orders o JOIN case_04_crm.customers c ON c.id = o.customer;
CREATE VIEW case_04_crm.letters AS SELECT b.name, case_04_crm.greeting() AS text FROM case_04_shop.buyers b;
CREATE VIEW case_04_shop.letters AS SELECT name, text FROM case_04_crm.letters;
CREATE TRIGGER case_04_crm.named BEFORE INSERT ON case_04_crm.customers FOR EACH ROW SET NEW.name = TRIM(NEW.name);
