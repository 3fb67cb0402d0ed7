// The cases every adapter must pass, as data: no test runner is imported here.

export {}
