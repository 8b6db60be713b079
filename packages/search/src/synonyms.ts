import { tokenize } from "./tokenize.ts";

/** Words that tools and people use for the same thing; one group a line. */
const GROUPS = `
create add new make insert post open
delete remove erase drop destroy clear
update edit modify change patch alter set
get fetch read retrieve load show view
list enumerate browse index
search find query lookup seek
send deliver dispatch notify push
run execute invoke call launch trigger start
stop halt cancel abort terminate kill end
write save store put persist
copy duplicate clone
move transfer relocate rename
file document doc
folder directory dir path
repository repo
issue ticket bug
pull merge pr
message mail email chat
user person people member contact account
image picture photo screenshot
video movie clip film
music song track audio
price cost rate quote fee
stock share equity ticker
weather forecast temperature climate
city town location place
country nation
map route direction navigation
flight airline plane
hotel accommodation lodging stay
restaurant food dining meal
book reserve booking reservation
buy purchase order
sell trade
pay payment charge bill invoice
money currency cash
convert transform translate change exchange
calculate compute evaluate math
sum total add
count number amount quantity
date day calendar
time clock hour timestamp
event meeting appointment
task todo job
note memo
web internet online site website page
url link address
download export
upload import
database db table sql
row record entry item
column field attribute property
graph chart plot diagram
entity node
relation relationship edge link
summarize summary digest abstract
analyze analysis inspect examine
check verify validate test
compare diff difference
history log past commit
branch version release tag
comment reply remark
label category
status state health
error failure exception problem
config configuration setting option preference
environment env variable
secret key token credential password
echo repeat say
random dice chance
news article headline story
job career position vacancy
recipe dish
game play
team squad club
player athlete
score result outcome
language idiom tongue
word term vocabulary definition
animal pet
car vehicle auto
health medical medicine
phone telephone mobile
schedule plan agenda
cpu processor
memory ram
kubernetes k8s cluster
container docker pod
server host machine
function method procedure
code source program script
package library module dependency
permission access right
group channel room
title name
size length
popular trending top best
recent latest newest last
random arbitrary
`;

const groupOf = new Map<string, readonly string[]>();
let isLoaded = false;

/** Words of the same meaning as a token, itself left out. */
export function synonymsOf(token: string): readonly string[] {
  if (!isLoaded) loadGroups();
  return groupOf.get(token) ?? [];
}

function loadGroups(): void {
  isLoaded = true;
  for (const line of GROUPS.trim().split("\n")) {
    const words = [...new Set(tokenize(line))];
    for (const word of words) {
      const others = words.filter((other) => other !== word);
      groupOf.set(word, [...new Set([...(groupOf.get(word) ?? []), ...others])]);
    }
  }
}
