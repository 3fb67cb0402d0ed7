export function Identifiers() {
  return <h1>Identifiers</h1>
}
