/*! boot.js 0.1.0, IMPACT portal, MIT licence. */
(()=>{document.body.classList.add("js-enabled");"noModule"in HTMLScriptElement.prototype&&document.body.classList.add("govuk-frontend-supported");})();
