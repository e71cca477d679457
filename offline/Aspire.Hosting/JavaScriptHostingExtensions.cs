using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;

namespace Aspire.Hosting
{
    /// <summary>Adds JavaScript applications to the model.</summary>
    public static class JavaScriptHostingExtensions
    {
        public static IResourceBuilder<ViteAppResource> AddViteApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = "dev")
        {
            var app = new ViteAppResource(name, "npm", Path.GetFullPath(appDirectory, builder.AppHostDirectory));
            return builder.AddResource(app)
                .WithHttpEndpoint(env: "PORT")
                .WithArgs("run", runScriptName, "--", "--port", new EndpointReference(app, "http").Property(EndpointProperty.TargetPort));
        }

        /// <summary>Packages are installed by the build here, so only <paramref name="install"/> false is known.</summary>
        public static IResourceBuilder<TResource> WithNpm<TResource>(this IResourceBuilder<TResource> resource, bool install = true, string? installCommand = null, string[]? installArgs = null)
            where TResource : JavaScriptAppResource =>
            install ? throw new NotSupportedException("Only WithNpm(install: false) is known here.") : resource;
    }
}

namespace Aspire.Hosting.JavaScript
{
    /// <summary>A program run by a script of its package.json.</summary>
    public class JavaScriptAppResource(string name, string command, string workingDirectory)
        : ExecutableResource(name, command, workingDirectory), IResourceWithServiceDiscovery, IResourceWithContainerFiles;

    /// <summary>The development server of a Vite project.</summary>
    public class ViteAppResource(string name, string command, string workingDirectory) : JavaScriptAppResource(name, command, workingDirectory);
}
