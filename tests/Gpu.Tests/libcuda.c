/*
 * A CUDA driver without a GPU: the functions of libcuda that the program calls, and no others. Memory is the host's, copies and fills are
 * done at once or, of a graph, when it is launched; kernels do nothing. Each call is a line of the file that FAKE_CUDA_LOG names, with
 * handles by the order of their making, so that equal programs write equal files. Modules may be loaded by several threads at once.
 * FAKE_CUDA_DEVICES is the number of GPUs (1); FAKE_CUDA_HANG names a kernel whose launch never returns, FAKE_CUDA_FAULT one after which
 * every call fails, and FAKE_CUDA_CRASH one that ends the process.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { Success = 0, InvalidValue = 1, NoDevice = 100, NotFound = 500, IllegalAddress = 700 };
enum { Most = 1 << 20, Gigabyte = 1 << 30 };

/* Of all that stands below. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static int sticky;
static const void *handles[Most];
static size_t sizes[Most];
static int made;
static const char *names[Most];

/* A copy, or a fill where there is nothing to copy from. */
struct work { uint64_t to, from; size_t bytes; int value; };

static int capturing, noted;
static struct work captured[4096];
static struct work *graphs[Most];
static int lengths[Most];

static void run(struct work work)
{
    if (sticky)
        return;
    if (work.from)
        memmove((void *)work.to, (void *)work.from, work.bytes);
    else
        memset((void *)work.to, work.value, work.bytes);
}

static void start(struct work work)
{
    if (!capturing)
        run(work);
    else if (noted < (int)(sizeof captured / sizeof *captured))
        captured[noted++] = work;
}

/* The number of a handle; 0 is none. */
static int number(const void *handle)
{
    pthread_mutex_lock(&lock);
    int found = made;
    while (found > 0 && handles[found] != handle)
        found--;
    pthread_mutex_unlock(&lock);
    return found;
}

static void *make(size_t bytes)
{
    void *handle = aligned_alloc(256, (bytes + 511) / 256 * 256);
    memset(handle, 0, bytes);
    pthread_mutex_lock(&lock);
    handles[++made] = handle;
    sizes[made] = bytes;
    pthread_mutex_unlock(&lock);
    return handle;
}

/* The number of the memory that holds an address. */
static int memory(uint64_t address)
{
    for (int i = made; i > 0; i--)
        if (handles[i] && address >= (uint64_t)handles[i] && address < (uint64_t)handles[i] + (sizes[i] ? sizes[i] : 1))
            return i;
    return 0;
}

static int call(const char *format, ...)
{
    static FILE *file;
    const char *path = getenv("FAKE_CUDA_LOG");
    pthread_mutex_lock(&lock);
    if (path && !file)
        file = fopen(path, "a");
    if (file) {
        va_list arguments;
        va_start(arguments, format);
        vfprintf(file, format, arguments);
        va_end(arguments);
        fputc('\n', file);
        fflush(file);
    }
    pthread_mutex_unlock(&lock);
    return sticky;
}

static int destroy(const char *name, void *handle)
{
    int result = call("%s(%d)", name, number(handle));
    int i = number(handle);
    if (!i)
        return InvalidValue;
    handles[i] = NULL;
    free(handle);
    return result;
}

static int devices(void) { return getenv("FAKE_CUDA_DEVICES") ? atoi(getenv("FAKE_CUDA_DEVICES")) : 1; }

static int is(const char *variable, const char *name) { return getenv(variable) && !strcmp(getenv(variable), name); }

static int write_text(char *to, int length, const char *text)
{
    snprintf(to, length, "%s", text);
    return sticky;
}

int cuInit(unsigned flags) { return call("cuInit(%u)", flags), devices() > 0 ? Success : NoDevice; }

int cuDriverGetVersion(int *version) { return *version = 12080, call("cuDriverGetVersion"); }

int cuDeviceGetCount(int *count) { return *count = devices(), call("cuDeviceGetCount"); }

int cuDeviceGet(int *device, int ordinal) { return *device = ordinal, call("cuDeviceGet(%d)", ordinal); }

int cuDeviceGetName(char *name, int length, int device)
{
    return call("cuDeviceGetName(%d, %d)", length, device), write_text(name, length, "Fake GPU");
}

int cuDeviceGetPCIBusId(char *id, int length, int device)
{
    return call("cuDeviceGetPCIBusId(%d, %d)", length, device), write_text(id, length, "0000:65:00.0");
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) { return *bytes = Gigabyte, call("cuDeviceTotalMem_v2(%d)", device); }

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    *value = attribute == 16 ? 8 : attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 97 ? 232448 : -1;
    return call("cuDeviceGetAttribute(%d, %d)", attribute, device);
}

int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) { return call("cuDevicePrimaryCtxSetFlags_v2(%d, %u)", device, flags); }

int cuDevicePrimaryCtxRetain(void **context, int device)
{
    static void *primary;
    if (!primary)
        primary = make(0);
    *context = primary;
    return call("cuDevicePrimaryCtxRetain(%d)", device);
}

int cuDevicePrimaryCtxRelease_v2(int device) { return call("cuDevicePrimaryCtxRelease_v2(%d)", device); }

int cuCtxSetCurrent(void *context) { return call("cuCtxSetCurrent(%d)", number(context)); }

int cuModuleLoadDataEx(void **module, const char *image, unsigned count, const int *options, void **values)
{
    int result = call("cuModuleLoadDataEx(%s, %u: %d, %d, %d, %d)", strncmp(image, "//", 2) ? "other" : "PTX", count,
                      options[0], options[1], options[2], options[3]);
    char *text = make(strlen(image) + 1);
    strcpy(text, image);
    *module = text;
    ((char *)values[0])[0] = ((char *)values[2])[0] = 0;
    return result;
}

int cuModuleUnload(void *module) { return destroy("cuModuleUnload", module); }

int cuModuleGetFunction(void **function, const char *module, const char *name)
{
    char entry[256];
    snprintf(entry, sizeof entry, ".entry %s(", name);
    if (!strstr(module, entry))
        return NotFound;
    *function = make(0);
    names[number(*function)] = strdup(name);
    return call("cuModuleGetFunction(%d, %s)", number(module), name);
}

int cuFuncSetAttribute(void *function, int attribute, int value)
{
    return call("cuFuncSetAttribute(%s, %d, %d)", names[number(function)], attribute, value);
}

int cuMemGetInfo_v2(size_t *free_bytes, size_t *total) { return *free_bytes = *total = Gigabyte, call("cuMemGetInfo_v2"); }

int cuMemAlloc_v2(uint64_t *start, size_t bytes)
{
    return *start = (uint64_t)make(bytes), call("cuMemAlloc_v2(%zu)", bytes);
}

int cuMemFree_v2(uint64_t start) { return destroy("cuMemFree_v2", (void *)start); }

int cuMemHostAlloc(void **start, size_t bytes, unsigned flags)
{
    return *start = make(bytes), call("cuMemHostAlloc(%zu, %u)", bytes, flags);
}

int cuMemFreeHost(void *start) { return destroy("cuMemFreeHost", start); }

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream)
{
    start((struct work){ to, (uint64_t)from, bytes, 0 });
    return call("cuMemcpyHtoDAsync_v2(%d, %zu, %d)", memory(to), bytes, number(stream));
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream)
{
    start((struct work){ (uint64_t)to, from, bytes, 0 });
    return call("cuMemcpyDtoHAsync_v2(%d, %zu, %d)", memory(from), bytes, number(stream));
}

int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream)
{
    start((struct work){ to, from, bytes, 0 });
    return call("cuMemcpyDtoDAsync_v2(%d, %d, %zu, %d)", memory(to), memory(from), bytes, number(stream));
}

int cuMemsetD8Async(uint64_t to, unsigned char value, size_t bytes, void *stream)
{
    start((struct work){ to, 0, bytes, value });
    return call("cuMemsetD8Async(%d, %d, %zu, %d)", memory(to), value, bytes, number(stream));
}

/* What the test asks of a launch of this kernel. */
static int launched(const char *name, int result)
{
    while (is("FAKE_CUDA_HANG", name))
        pause();
    if (is("FAKE_CUDA_CRASH", name))
        _exit(66);
    if (is("FAKE_CUDA_FAULT", name))
        sticky = IllegalAddress;
    return result;
}

int cuLaunchKernel(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z,
                   unsigned shared_bytes, void *stream, void **parameters, void **extra)
{
    const char *name = names[number(function)];
    int result = call("cuLaunchKernel(%s, %ux%ux%u, %ux%ux%u, %u, %d, %s, %s)", name, grid_x, grid_y, grid_z, block_x, block_y, block_z,
                      shared_bytes, number(stream), parameters && parameters[0] ? "parameters" : "none", extra ? "extra" : "none");
    return launched(name, result);
}

/* As cuda.h has them: an attribute's value is a union of 64 bytes. */
struct attribute { int id, pad; union { int number; uint64_t words[8]; } value; };
struct configuration { unsigned grid[3], block[3], shared_bytes; void *stream; struct attribute *attributes; unsigned count; };

int cuLaunchKernelEx(const struct configuration *c, void *function, void **parameters, void **extra)
{
    const char *name = names[number(function)];
    if (c->count != 1)
        return InvalidValue;
    int result = call("cuLaunchKernelEx(%s, %ux%ux%u, %ux%ux%u, %u, %d, %d = %d, %s, %s)", name, c->grid[0], c->grid[1], c->grid[2],
                      c->block[0], c->block[1], c->block[2], c->shared_bytes, number(c->stream), c->attributes->id,
                      c->attributes->value.number, parameters && parameters[0] ? "parameters" : "none", extra ? "extra" : "none");
    return launched(name, result);
}

int cuEventCreate(void **event, unsigned flags) { return *event = make(0), call("cuEventCreate(%u)", flags); }

int cuEventRecord(void *event, void *stream) { return call("cuEventRecord(%d, %d)", number(event), number(stream)); }

int cuEventSynchronize(void *event) { return call("cuEventSynchronize(%d)", number(event)); }

int cuEventDestroy_v2(void *event) { return destroy("cuEventDestroy_v2", event); }

int cuEventElapsedTime(float *milliseconds, void *start, void *end)
{
    return *milliseconds = 1, call("cuEventElapsedTime(%d, %d)", number(start), number(end));
}

int cuStreamCreate(void **stream, unsigned flags) { return *stream = make(0), call("cuStreamCreate(%u)", flags); }

int cuStreamSynchronize(void *stream) { return call("cuStreamSynchronize(%d)", number(stream)); }

int cuStreamDestroy_v2(void *stream) { return destroy("cuStreamDestroy_v2", stream); }

int cuStreamBeginCapture_v2(void *stream, int mode)
{
    capturing = 1;
    noted = 0;
    return call("cuStreamBeginCapture_v2(%d, %d)", number(stream), mode);
}

int cuStreamEndCapture(void *stream, void **graph)
{
    *graph = make(0);
    capturing = 0;
    lengths[made] = noted;
    graphs[made] = malloc((noted + 1) * sizeof *captured);
    memcpy(graphs[made], captured, noted * sizeof *captured);
    return call("cuStreamEndCapture(%d)", number(stream));
}

int cuGraphInstantiateWithFlags(void **made_graph, void *graph, uint64_t flags)
{
    int of = number(graph);
    *made_graph = make(0);
    graphs[made] = graphs[of];
    lengths[made] = lengths[of];
    return call("cuGraphInstantiateWithFlags(%d, %d)", number(graph), (int)flags);
}

int cuGraphLaunch(void *graph, void *stream)
{
    for (int i = 0; i < lengths[number(graph)]; i++)
        run(graphs[number(graph)][i]);
    return call("cuGraphLaunch(%d, %d)", number(graph), number(stream));
}

int cuGraphExecDestroy(void *graph) { return destroy("cuGraphExecDestroy", graph); }

int cuGraphDestroy(void *graph) { return destroy("cuGraphDestroy", graph); }

int cuGetErrorName(int error, const char **text)
{
    call("cuGetErrorName(%d)", error);
    *text = error == IllegalAddress ? "CUDA_ERROR_ILLEGAL_ADDRESS" : error == NoDevice ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_UNKNOWN";
    return Success;
}

int cuGetErrorString(int error, const char **text)
{
    call("cuGetErrorString(%d)", error);
    *text = error == IllegalAddress ? "an illegal memory access was encountered" : "the fake driver has no text for it";
    return Success;
}
