using System.Globalization;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>nginx over the files of one folder: what downloads are compared with.</summary>
internal static class NginxServer
{
    private static readonly string[] _places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"];

    /// <summary>Starts it; null where it is not on this machine.</summary>
    /// <param name="folder">Holds the files, and what nginx itself writes.</param>
    internal static async Task<Running?> StartAsync(string folder)
    {
        if (_places.FirstOrDefault(File.Exists) is not { } program)
        {
            return null;
        }

        var port = ServerProcess.FreePort();
        var configuration = Path.Combine(folder, "nginx.conf");
        var user = Environment.IsPrivilegedProcess ? "user root;" : "";
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off; {{user}} worker_processes 1; error_log stderr error; pid {{folder}}/nginx.pid;
            events { worker_connections 4096; }
            http {
              access_log off; sendfile on; keepalive_requests 1000000; types { video/webm webm; }
              client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
              server { listen 127.0.0.1:{{port}}; root {{folder}}; }
            }
            """));
        return await Running.StartAsync(program, ["-c", configuration, "-p", folder], port, null);
    }
}
