// Turns: tasks run one after the other, in the order they came, whatever becomes of the ones before.

export type Exclusively = <T>(task: () => Promise<T>) => Promise<T>

export function oneAtATime(): Exclusively {
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    const turn = last.then(task, task)
    last = turn.catch(() => undefined)
    return turn
  }
}
