// The console: one state, the views of it, and what feeds it.
import { render } from 'preact'

import { App } from './app.tsx'
import { placeOf } from './state/place.ts'
import { resume } from './state/session.ts'
import { change, state } from './state/state.ts'
import './style/base.css'
import './style/shell.css'
import './style/parts.css'
import './style/review.css'
import './style/views.css'
import './style/evidence.css'
import './style/profile.css'
import './style/live.css'
import './style/runs.css'
import './style/visitors.css'
import './style/identifiers.css'

addEventListener('hashchange', () => {
  change({ place: placeOf(location.hash) })
  // A link with a token, put into a page that is open already.
  if (state.value.place.view === 'sign-in') void resume()
})
void resume()
const root = document.querySelector('#app')
if (root !== null) render(<App />, root)
