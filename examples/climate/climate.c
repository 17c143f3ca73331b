/* climate.c - the temperatures of a planet, cell by cell.
 *
 * For each cell of a grid of latitudes and longitudes a small model of its climate
 * is run for some years: sunlight by latitude and season, heat that the ground
 * or the sea keeps, ice that reflects, radiation into space, winds from warmer
 * places. The cells don't know each other, so they can be computed at the same
 * time; two lines say so, the two that begin with #pragma.
 *
 *   climate [-y YEARS] [-m MONTH] [-s SUN]
 *
 * Years to run, the month of the last year to show, and the strength of the sun,
 * 1 being ours. Means go to stdout as a map and a table, the time to stderr. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PI 3.14159265358979323846

enum { N_LAT = 90, N_LON = 180, DAYS = 365 };

struct model {
    double sun;                   /* W/m2 */
    double tilt;                  /* of the planet's axis, radians */
    double radiation, per_kelvin; /* into space: W/m2 at 0 degrees, and W/m2 for each more */
    double winds;                 /* W/m2 for each degree away from the mean of the latitude */
    double land, sea;             /* heat that they keep, J/m2 for each degree */
    double ice;                   /* below this temperature there is ice */
    int years, month;
    char map[18][37]; /* '#': land; cells of 10 degrees, from the North Pole, from 180 W */
};

static const struct model earth = {
    .sun = 1361,
    .tilt = 23.44 * PI / 180,
    .radiation = 210,
    .per_kelvin = 2.0,
    .winds = 2.6,
    .land = 1.2e7,
    .sea = 2.1e8,
    .ice = -6,
    .years = 20,
    .month = 1,
    .map = {"         ###  #######           #   ", "         #### #######     #   #####  ",
            "  ########## # ######  ## ##########", " #############  ###   ### ##########",
            "     #########        ##############", "      ########      ################",
            "      #######       ####### ########", "       #####        ################",
            "        ###        ########## ### # ", "          ###      ##########  #  # ",
            "           ####     #######       ##", "           ######     #####      #  ",
            "           ######     ##### #   ### ", "            ####      ### #     ####",
            "            ###       ##        ### ", "            ##                   # #",
            "            ##      ################", "####################################"},
};

static double latitude(int lat)
{
    return (90 - (lat + 0.5) * 180 / N_LAT) * PI / 180;
}

/* Sunlight of a day at the top of the air, W/m2. */
static double sunlight(const struct model *m, double latitude, int day)
{
    double declination = m->tilt * sin(2 * PI * (day - 80) / DAYS);
    double x = -tan(latitude) * tan(declination);
    double noon_to_dusk = x <= -1 ? PI : x >= 1 ? 0 : acos(x);

    return m->sun / PI *
           (noon_to_dusk * sin(latitude) * sin(declination) +
            cos(latitude) * cos(declination) * sin(noon_to_dusk));
}

/* The mean temperature of that month in one cell, degrees Celsius. */
#pragma concurrent
static double process(int lat, int lon, const struct model *m)
{
    double sun[DAYS], where = latitude(lat), sum = 0;
    double around = 30 - 50 * sin(where) * sin(where), temperature = around;
    int is_land = m->map[lat * 18 / N_LAT][lon * 36 / N_LON] == '#';
    double heat = is_land ? m->land : m->sea;
    int first = (m->month - 1) * DAYS / 12, last = m->month * DAYS / 12;

    for (int day = 0; day < DAYS; day++)
        sun[day] = sunlight(m, where, day);
    for (int year = 0; year < m->years; year++) {
        sum = 0;
        for (int day = 0; day < DAYS; day++) {
            double reflected = temperature < m->ice ? 0.58 : is_land ? 0.32 : 0.28;
            double gain = sun[day] * (1 - reflected) - m->radiation - m->per_kelvin * temperature +
                          m->winds * (around - temperature);
            temperature += gain * 86400 / heat;
            if (day >= first && day < last)
                sum += temperature;
        }
    }
    return sum / (last - first);
}

#pragma synchronized
static void process_all(const struct model *m, double results[N_LAT][N_LON])
{
    for (int lat = 0; lat < N_LAT; lat++)
        for (int lon = 0; lon < N_LON; lon++)
            results[lat][lon] = process(lat, lon, m);
}

/* ---- what is printed */

static char shade(double temperature)
{
    static const char shades[] = " .:-=+*#%@"; /* from -40 degrees, 8 each */
    int step = (int)floor(temperature / 8) + 5;

    return shades[step < 0 ? 0 : step > 9 ? 9 : step];
}

static void print_map(double results[N_LAT][N_LON])
{
    for (int lat = 2; lat < N_LAT; lat += 5) {
        for (int lon = 1; lon < N_LON; lon += 3)
            putchar(shade(results[lat][lon]));
        putchar('\n');
    }
}

static void print_means(double results[N_LAT][N_LON])
{
    double sum = 0, area = 0;

    for (int band = 0; band < 6; band++) {
        double band_sum = 0, band_area = 0;
        for (int lat = band * N_LAT / 6; lat < (band + 1) * N_LAT / 6; lat++) {
            double cell = cos(latitude(lat));
            for (int lon = 0; lon < N_LON; lon++) {
                band_sum += cell * results[lat][lon];
                band_area += cell;
            }
        }
        printf("%3d to %3d degrees: %12.8f\n", 90 - 30 * band, 60 - 30 * band,
               band_sum / band_area);
        sum += band_sum;
        area += band_area;
    }
    printf("mean:               %12.8f\n", sum / area);
}

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static double results[N_LAT][N_LON];
    struct model m = earth;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "-y") == 0)
            m.years = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "-m") == 0)
            m.month = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "-s") == 0)
            m.sun = earth.sun * atof(argv[i + 1]);
        else
            m.years = 0;
    }
    if (argc % 2 == 0 || m.years < 1 || m.years > 100000 || m.month < 1 || m.month > 12 ||
        !(m.sun > 0)) {
        fprintf(stderr, "usage: climate [-y YEARS] [-m MONTH] [-s SUN]\n");
        return 2;
    }

    double start = seconds();
    process_all(&m, results);
    double end = seconds();
    print_map(results);
    print_means(results);
    fprintf(stderr, "%d cells, %d years: %.3f s\n", N_LAT * N_LON, m.years, end - start);
    return 0;
}
