-- It changed nothing.
SELECT 1;
