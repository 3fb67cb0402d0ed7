// The verbs that await: a flow loads through a port, lets the core decide, and commits.

export {}
