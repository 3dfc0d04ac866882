"""What MDN's HTTP Observatory and Google's CSP Evaluator say of every class of pages."""
