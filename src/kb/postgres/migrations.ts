/*
 * The tables of all knowledge bases in one schema:
 *
 *   layout            number of the last migration that was run
 *   base              the current version of each knowledge base; changing its row makes a version visible
 *   version           the manifest of each version; `complete` is set when it becomes visible
 *   entity            number → the entity as one line of JSON; numbers count from 0 by popularity, then id
 *   id                id, as bytes in the sort order of JavaScript → number
 *   token             word of names → number of entities that have it                     } for `kb search`
 *   posting           word → entities that have it, in parts: first those whose name has   }
 *                     the fewest other words, then the most popular                        }
 *   attachment        bytes stored with the entities, in parts of a megabyte: the candidate index, which linkers read whole
 *
 * The last five have a partition for each version, so that removing a version is quick and no reader sees an incomplete one.
 */

/** Entries in one part of a posting. Each is a number (int4) and a share in thousandths (int2), big-endian. */
export const PART = 4096;

export const PARTITIONED = ["entity", "id", "token", "posting", "attachment"] as const;

/** Migration i leads from layout i to layout i + 1. `@s` is replaced by our schema. Migrations never change once released. */
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
];

/** The layout that this program writes and reads. */
export const LAYOUT = MIGRATIONS.length;
