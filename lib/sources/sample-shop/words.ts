/** Names, places and things of the sample shop. */
const firstNames = 'Ada,Amara,Anouk,Antoine,Arjun,Astrid,Ben,Camila,Chidi,Chiara,Claire,Daniel,Diego,Elena,Elif,Emma,Erik,Esther,Fatima,Felix,Freya,Giulia,Hana,Hannah,Hugo,Ines,Ingrid,Isla,Ivan,Jakub,James,Jana,João,Jonas,Julia,Kaito,Karim,Kenji,Lara,Lars,Leila,Lena,Liam,Lucía,Lukas,Maja,Malik,Maria,Mateo,Matilda,Maya,Mei,Mika,Milan,Mina,Mohammed,Nadia,Nils,Noah,Nora,Oliver,Olivia,Omar,Oskar,Paula,Pedro,Petra,Priya,Rafael,Rosa,Ruth,Samir,Sara,Selma,Sofia,Søren,Stefan,Sven,Tara,Theo,Thomas,Tomás,Valentina,Victor,Wei,Yara,Yasmin,Yuki,Zeynep,Zoë'
const lastNames = "Almeida,Andersen,Bakker,Bauer,Becker,Bernard,Bianchi,Björk,Brown,Carvalho,Castillo,Chen,Clarke,Costa,Davies,De Vries,Dubois,Dupont,Eriksson,Evans,Fernández,Ferrari,Fischer,Fontaine,García,Greco,Hansen,Haddad,Horvat,Hughes,Ivanova,Jansen,Jensen,Johansson,Johnson,Kaya,Khan,Kim,Kowalski,Kumar,Larsen,Laurent,Lefèvre,Lindqvist,López,Martin,Martínez,Mehta,Meyer,Moreau,Moretti,Müller,Nakamura,Nguyen,Nielsen,Novák,O'Brien,O'Connor,Okafor,Oliveira,Patel,Pereira,Petrov,Popescu,Ricci,Roberts,Rossi,Sánchez,Sato,Schmidt,Schneider,Silva,Singh,Smith,Svensson,Takahashi,Taylor,Thomas,Torres,Van Dijk,Virtanen,Wagner,Walker,Wang,Weber,Williams,Wilson,Wójcik,Yamamoto,Yilmaz,Zhang"
const cities = 'DE:Berlin,DE:Berlin,DE:Hamburg,DE:Munich,DE:Cologne,DE:Leipzig,DE:Stuttgart,FR:Paris,FR:Paris,FR:Lyon,FR:Lille,FR:Nantes,GB:London,GB:London,GB:Manchester,GB:Leeds,GB:Bristol,US:New York,US:Chicago,US:Austin,US:Seattle,US:Portland,NL:Amsterdam,NL:Rotterdam,NL:Utrecht,ES:Madrid,ES:Barcelona,ES:Valencia,IT:Milan,IT:Rome,IT:Turin,SE:Stockholm,SE:Malmö,DK:Copenhagen,AT:Vienna,CH:Zürich,PL:Warsaw,PL:Kraków,BE:Ghent,PT:Lisbon,IE:Dublin,FI:Helsinki,NO:Oslo,CZ:Prague,CA:Toronto,JP:Tokyo'
const companies = 'Acorn Works,Blue Door Studio,Brightwater,Cedar & Sons,Fjord Supply,Green Lane Foods,Harbour Hotels,Ironbridge,Juniper Clinics,Kestrel Media,Lumen Labs,Maple Schools,Northwind Offices,Old Mill Bakery,Pinecone,Quartz Dental,Riverbend,Saffron Kitchen,Tall Trees,Umbra Design,Vantage Legal,Willow Care'
const adjectives = 'Round,Slim,Folding,Stackable,Brushed,Quiet,Warm,Heavy,Light,Soft,Tall,Low,Wide,Classic,Woven,Ribbed,Matt,Smoked,Northern,Everyday'
const materials = 'Oak,Ash,Walnut,Steel,Brass,Linen,Cotton,Wool,Glass,Ceramic,Cork,Bamboo,Felt,Leather,Recycled,Enamel'
const things = 'Kitchen:Kettle,Kitchen:Bowl,Kitchen:Tray,Kitchen:Mug,Living:Chair,Living:Shelf,Living:Clock,Garden:Planter,Garden:Trowel,Garden:Bench,Office:Desk,Office:Stool,Office:Hook,Outdoor:Tent,Outdoor:Flask,Kids:Puzzle,Kids:Kite,Books:Notebook,Books:Atlas,Audio:Speaker,Audio:Radio,Lighting:Lamp,Lighting:Lantern,Textiles:Blanket,Textiles:Cushion,Textiles:Rug'

const array = (list: string) => `string_to_array('${list.replaceAll("'", "''")}', ',')`

/** One row of arrays that the filling statements pick from. */
export const createWords = `
create temporary table words as select
  ${array(firstNames)} as first_names, ${array(lastNames)} as last_names, ${array(cities)} as cities, ${array(companies)} as companies,
  ${array(adjectives)} as adjectives, ${array(materials)} as materials, ${array(things)} as things;

-- Chance without chance: the same number for the same row and salt, on every machine.
create function pg_temp.pick(row_number bigint, salt bigint, size integer) returns integer language sql immutable parallel safe
  return ((hashint8extended(row_number, salt) & 9223372036854775807) % size)::integer;
create function pg_temp.choose(list text[], row_number bigint, salt bigint) returns text language sql immutable parallel safe
  return list[1 + ((hashint8extended(row_number, salt) & 9223372036854775807) % cardinality(list))::integer];
`
