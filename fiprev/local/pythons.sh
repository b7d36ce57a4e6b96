# Sourced by setup.sh: which Python runs us.

NEW_ENOUGH='import sys; sys.exit(sys.version_info < (3, 11))'
# One that carries its library within itself needs a quarter less time for our kind of code than one that loads it.
IN_ONE_PIECE='import sys; sys.exit("libpython" in open("/proc/self/maps").read())'

# Every interpreter on the PATH that is new enough, the shell's own first.
pythons() {
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    (IFS=:; for folder in $PATH; do
      [ ! -x "$folder/$name" ] || ! "$folder/$name" -c "$NEW_ENOUGH" 2>/dev/null || echo "$folder/$name"
    done)
  done
}

# The first of them in one piece, as Linux tells; nothing where none is.
quicker_python() {
  pythons | while read -r name; do
    ! "$name" -c "$IN_ONE_PIECE" 2>/dev/null || { echo "$name"; break; }
  done
}
