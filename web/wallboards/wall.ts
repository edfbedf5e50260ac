import './allo-wall.ts';
