// What the outside must offer, in domain types only. Adapters implement these, flows call them.

export {}
