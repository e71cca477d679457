using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Whether the application is to run or to be published.</summary>
public class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(IConfiguration configuration)
    {
        // The command line of `aspire publish` and of azd.
        if (configuration["publisher"] is not null || string.Equals(configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase))
        {
            throw new DistributedApplicationException("Publishing needs the packages of Aspire themselves: run it where the package feed has them.");
        }
    }

    public bool IsPublishMode { get; }

    public bool IsRunMode { get; } = true;
}

/// <summary>The application cannot be built or started; the message says why and what to do.</summary>
public class DistributedApplicationException(string message) : Exception(message);
