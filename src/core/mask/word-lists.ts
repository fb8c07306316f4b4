/**
 * What masks are picked from: common words and names of nobody in particular, in ASCII, so that each character set has
 * them. The order counts: another one would give other masks.
 */
export const FIRST_NAMES: readonly string[] = [
  'Adam,Agnes,Alan,Alice,Amelia,Anna,Arthur,Barbara,Ben,Carla,Carlos,Clara,Daniel,David,Diana,Edith,Edward',
  'Elena,Emil,Emma,Eric,Eva,Felix,Frank,Fiona,George,Grace,Hanna,Harry,Helen,Henry,Hugo,Ida,Irene,Isaac',
  'Jack,Jane,John,Julia,Karl,Kate,Laura,Leo,Linda,Louis,Lucy,Marco,Maria,Martin,Mary,Max,Nina,Noah,Nora',
  'Oliver,Olga,Oscar,Paul,Peter,Rosa,Ruth,Simon,Sophie,Thomas',
].flatMap((line) => line.split(','));

export const LAST_NAMES: readonly string[] = [
  'Adams,Baker,Barnes,Becker,Bell,Bennett,Berg,Bishop,Boyd,Brooks,Brown,Butler,Carter,Clark,Cole,Cook',
  'Cooper,Costa,Davis,Dixon,Ellis,Evans,Fisher,Fischer,Ford,Foster,Fox,Garcia,Gray,Green,Hall,Harris,Hill',
  'Hoffman,Hughes,Jones,Keller,King,Klein,Lang,Lee,Lewis,Lopez,Martin,Mason,Meyer,Miller,Moore,Morris',
  'Nelson,Novak,Palmer,Parker,Price,Reed,Rossi,Russell,Schmidt,Silva,Smith,Stone,Taylor,Turner,Walker',
].flatMap((line) => line.split(','));

export const STREETS: readonly string[] = [
  '1 Acorn Street,38 Alder Street,75 Apple Street,14 Ash Street,51 Aspen Street,88 Barley Street',
  '27 Beech Street,64 Berry Street,3 Birch Street,40 Bridge Street,77 Brook Street,16 Canal Street',
  '53 Castle Street,90 Cedar Street,29 Cherry Street,66 Chestnut Street,5 Church Street,42 Clover Street',
  '79 Copper Street,18 Corn Street,55 Dale Street,92 Elm Street,31 Fern Street,68 Field Street',
  '7 Forest Street,44 Fountain Street,81 Garden Street,20 Grove Street,57 Harbour Street,94 Hazel Street',
  '33 Heather Street,70 Hill Street,9 Holly Street,46 Ivy Street,83 Juniper Street,22 Lake Street',
  '59 Larch Street,96 Lavender Street,35 Lily Street,72 Linden Street,11 Maple Street,48 Market Street',
  '85 Meadow Street,24 Mill Street,61 Moss Street,98 Oak Street,37 Olive Street,74 Orchard Street',
  '13 Park Street,50 Pear Street,87 Pine Street,26 Poplar Street,63 Quarry Street,2 River Street',
  '39 Rose Street,76 School Street,15 Spring Street,52 Station Street,89 Stone Street,28 Sunset Street',
  '65 Valley Street,4 Walnut Street,41 Willow Street,78 Windmill Street',
].flatMap((line) => line.split(','));

export const CITIES: readonly string[] = [
  'Alderford,Appleton,Ashbrook,Aspenvale,Barleyton,Beechwood,Birchfield,Bridgeford,Brookdale,Canalside',
  'Castleton,Cedarville,Cherrywood,Claybrook,Cloverdale,Copperhill,Cornfield,Daleham,Eastbrook,Elmstead',
  'Fairview,Fernhill,Fieldham,Forestead,Foxbury,Gladeford,Greenfield,Grovedale,Harborough,Hazelwood',
  'Heathfield,Highbridge,Hillcrest,Hollyfield,Ivybridge,Kingsmead,Lakeside,Larchmont,Lindenau,Longfield',
  'Maplewood,Marshfield,Meadowbrook,Millbrook,Mossdale,Newbridge,Northfield,Oakdale,Oldbury,Orchardton',
  'Pinehurst,Poplarton,Quarryhill,Ravenswood,Riverside,Rosefield,Sandford,Southgate,Springdale,Stonebridge',
  'Valleyford,Westbrook,Willowdale,Woodside',
].flatMap((line) => line.split(','));

export const COMPANIES: readonly string[] = [
  'Acorn Trading,Alpine Works,Amber Supplies,Anchor Services,Arrow Foods,Atlas Studio,Aurora Logistics',
  'Beacon Tools,Birch Trading,Bluebird Works,Bridge Supplies,Canyon Services,Cedar Foods,Cobalt Studio',
  'Comet Logistics,Compass Tools,Coral Trading,Crystal Works,Delta Supplies,Eagle Services,Eastern Foods',
  'Ember Studio,Falcon Logistics,Forest Tools,Fountain Trading,Garnet Works,Glacier Supplies',
  'Granite Services,Harbour Foods,Horizon Studio,Indigo Logistics,Ivory Tools,Juniper Trading',
  'Lantern Works,Linden Supplies,Lotus Services,Magnet Foods,Maple Studio,Meadow Logistics,Meridian Tools',
  'Mosaic Trading,Northern Works,Oak Supplies,Ocean Services,Olive Foods,Orchid Studio,Orion Logistics',
  'Pebble Tools,Pinnacle Trading,Planet Works,Prairie Supplies,Quartz Services,Raven Foods,River Studio',
  'Saffron Logistics,Sequoia Tools,Silver Trading,Southern Works,Summit Supplies,Timber Services',
  'Tundra Foods,Valley Studio,Walnut Logistics,Western Tools',
].flatMap((line) => line.split(','));

/** Of which masked texts are made. */
export const FILLER =
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna ' +
  'aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat ' +
  'duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur ';
