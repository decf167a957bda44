/* SPDX-License-Identifier: MIT */
/* What a url and options come to, before anything is made of them: the dialect,
 * the url to connect with, the pool's settings. Engines and pools without an
 * engine are made from it. */
#ifndef CUP_ENGINE_BLUEPRINT_H
#define CUP_ENGINE_BLUEPRINT_H

#include <cupel/options.h>

#include "pool/pool.h"

/* A finished plan. */
struct cup_blueprint {
    cupel_engine_options options; /* completed; what it points at is borrowed */
    const cupel_dialect *dialect;
    cupel_url *url;     /* owned; connect_args are part of it */
    cupel_url *settled; /* owned; what to connect with; NULL: the url */
    bool has_level;     /* of options.isolation_level: it exists */
    struct cup_pool_config pool; /* without listeners */
};

/* Work it out. NOMODULE for an unknown database, ARGUMENT for a bad url or
 * option, TYPE for options that do not go together, INVALID if the dialect is
 * not async and `async` asks for it, NOTIMPL for what it cannot do, NOMEM. */
cupel_status
cup_blueprint_draw(struct cup_blueprint *plan, const char *url,
                   const cupel_engine_options *given, bool async);

void
cup_blueprint_fini(struct cup_blueprint *plan);

#endif
