#include <lmdb.h>

int probe(MDB_env **env);
int probe(MDB_env **env)
{
    return mdb_env_create(env);
}
