/*
 * The tables of all knowledge bases in one schema:
 *
 *   layout            number of the last migration
 *   base              the current version of each knowledge base; changing its row makes a version visible
 *   version           the manifest of each version; `complete` is set when it becomes visible
 *   entity            number → the entity as one line of JSON; numbers count from 0 by popularity, then id
 *   id                id, as bytes in the sort order of JavaScript → number
 *   token             word in names → number of entities with this word; for `mmel kb search`
 *   posting           word in names → entities with this word, in parts; for `mmel kb search`. Entities whose name has
 *                     the fewest other words come first, then the most popular entities.
 *   attachment        bytes stored with the entities, in parts of 1 MiB: the candidate index and the relations, which
 *                     linkers read completely
 *
 * `sum` is the CRC-32 of the line or of the part of an attachment, and the first 32 bits of the MD5 of the entries of a
 * posting, which the server computes itself. It is null in versions that older versions of mmel imported.
 *
 * The last five tables have a partition for each version, so removing a version is quick.
 */

/**
 * Number of entries in one part of a posting (the list of entities for a word). An entry consists of the entity's
 * number (int4) and the word's share of the name in thousandths (int2), both big-endian.
 */
export const PART = 4096;

export const PARTITIONED = ["entity", "id", "token", "posting", "attachment"] as const;

/**
 * The migrations as SQL. Migration i upgrades the tables from layout i to layout i + 1. `@s` is replaced with the
 * schema of the tables. Migrations never change once they are released.
 */
export const MIGRATIONS: readonly string[] = [
  `create table @s.base (name text primary key, version bigint not null);
   create table @s.version (
     version bigint generated always as identity primary key,
     base text not null, name text, layout int not null, complete boolean not null default false,
     hash text, entities bigint, names bigint, made timestamptz not null default now());
   create table @s.entity (version bigint, number int, line text not null, primary key (version, number))
     partition by list (version);
   create table @s.id (version bigint, key bytea, number int not null, primary key (version, key))
     partition by list (version);`,
  `create table @s.token (version bigint, token text, entities int not null, primary key (version, token))
     partition by list (version);
   create table @s.posting (version bigint, token text, part int, entries bytea not null, primary key (version, token, part))
     partition by list (version);
   create table @s.name (version bigint, number int not null, name text not null) partition by list (version);`,
  `drop table @s.name;
   create table @s.attachment (version bigint, name text, part int, size bigint not null, bytes bytea not null,
     primary key (version, name, part)) partition by list (version);
   do $$ declare reader text;
   begin
     for reader in select distinct coalesce(nullif(grantee, 0)::regrole::text, 'public') from pg_class, aclexplode(relacl)
       where pg_class.oid = '@s.entity'::regclass and privilege_type = 'SELECT' and grantee <> relowner
     loop execute 'grant select on @s.attachment to ' || reader; end loop;
   end $$;`,
  `alter table @s.entity add column sum int;
   alter table @s.posting add column sum int;
   alter table @s.attachment add column sum int;`,
];

/** The layout that this version of mmel writes and reads. */
export const LAYOUT = MIGRATIONS.length;
