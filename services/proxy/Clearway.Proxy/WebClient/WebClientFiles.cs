using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Clearway.Proxy.WebClient;

/// <summary>The folder of the built client; it may be built, or built anew, while the proxy runs.</summary>
internal sealed class WebClientFiles : IFileProvider, IDisposable
{
    private readonly Lock _gate = new();
    private PhysicalFileProvider? _files; // guarded by _gate

    /// <summary>The web root when it is configured or exists, else where the client's build puts its output in the source tree.</summary>
    public WebClientFiles(IWebHostEnvironment environment, IConfiguration configuration) => Root = Path.GetFullPath(
        configuration["WebRoot"] is { Length: > 0 } configured ? configured
            : Directory.Exists(environment.WebRootPath) ? environment.WebRootPath
            : "../../web/dist",
        environment.ContentRootPath);

    /// <summary>Absolute path of the folder.</summary>
    internal string Root { get; }

    public IFileInfo GetFileInfo(string subpath) => Files.GetFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => Files.GetDirectoryContents(subpath);

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    public void Dispose() => _files?.Dispose();

    private IFileProvider Files
    {
        get
        {
            lock (_gate)
            {
                if (_files is null && Directory.Exists(Root))
                {
                    _files = new PhysicalFileProvider(Root);
                }

                return (IFileProvider?)_files ?? new NullFileProvider();
            }
        }
    }
}
