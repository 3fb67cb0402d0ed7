// A seeded world of people and the messages they cause. Pure: equal seeds give equal worlds.

export {}
