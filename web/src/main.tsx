import { render } from "preact";
import { startApp } from "./app/index.js";
import { AppContext } from "./components/context.js";
import { Page } from "./components/page.js";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/review.css";
import "./styles/dialogs.css";
import "./styles/catalogue.css";

const takeOver = location.hash === "#take-over";
if (takeOver) history.replaceState(null, "", location.pathname + location.search);

const app = await startApp(takeOver);
render(
  <AppContext.Provider value={app}>
    <Page />
  </AppContext.Provider>,
  document.getElementById("app")!,
);
