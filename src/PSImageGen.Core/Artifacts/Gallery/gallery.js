(() => {
  const bar = document.querySelector('search'), field = bar.querySelector('input'), found = bar.querySelector('output'), none = document.querySelector('.none');
  const cards = [...document.querySelectorAll('.card')].map(card => ({ card, words: card.textContent.toLocaleLowerCase() }));
  const filter = () => {
    const wanted = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { card, words } of cards) {
      card.hidden = !wanted.every(word => words.includes(word));
      count += card.hidden ? 0 : 1;
    }
    found.textContent = found.dataset.text.replace('{0}', count).replace('{1}', cards.length);
    none.hidden = count > 0;
  };
  // What led here must be seen, whatever is filtered.
  document.addEventListener('click', event => {
    if (field.value && event.target.closest('a[href^="#"]')) {
      field.value = '';
      filter();
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && event.target !== field) {
      event.preventDefault();
      field.focus();
    }
  });
  field.addEventListener('input', filter);
  // gallery.html?q=fox begins filtered.
  field.value = new URLSearchParams(location.search).get('q') ?? '';
  bar.hidden = false;
  filter();
})();
